import { readOrdinal } from "./read-ordinal.js";

test.each([
  ["le deuxième ?", 2],
  ["et la première ?", 1],
  ["Et le 3e ?", 3],
  ["n° 4", 4],
  ["and the second one?", 2],
  ["what about the third?", 3],
  ["tell me more about the 1st one", 1],
  ["and the last one?", "last"],
  ["le 2ème de la liste", 2],
])("readOrdinal, %j, is the place %s", (text, place) => expect(readOrdinal(text)?.place).toBe(place));

test("readOrdinal, why one of them failed, asks for its causes", () =>
  expect(readOrdinal("pourquoi le premier ?")).toMatchObject({ place: 1, why: true }));

test.each([
  "le premier échec de la nuit",
  "le 3 ?",
  "et le 3 mai ?",
  "first failure",
  "la dernière fois ?",
  "2e semaine",
  "second half of April",
])("readOrdinal, what is no place of a list, is none: %s", (text) => expect(readOrdinal(text)).toBeUndefined());
