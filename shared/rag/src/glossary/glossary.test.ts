import { foldText } from "../fold-text.js";
import { glossary, sensesOf, speaksOfError } from "./glossary.js";
import { stem } from "./word-forms.js";

const senses = (text: string) => [...sensesOf(foldText(text).match(/[\p{L}\p{N}]+/gu) ?? [])];

test("glossary, each row, has a name of its own and terms in both languages", () => {
  expect(glossary.length).toBeGreaterThanOrEqual(150);
  expect(new Set(glossary.map(({ name }) => name)).size).toBe(glossary.length);
  const incomplete = glossary.filter(({ name, fr, en }) => !/^[a-z-]+$/.test(name) || fr.length === 0 || en.length === 0);
  expect(incomplete).toEqual([]);
});

test("glossary, each term of each row, is found in itself", () => {
  const lost = glossary.flatMap(({ name, fr, en }) =>
    [...fr, ...en].filter((term) => !senses(term.replace(/\*/g, "").replace(/(?<!\p{L})[dln]'/gu, "")).includes(name)),
  );
  expect(lost).toEqual([]);
});

test.each([
  ["le volume est plein", "volume"],
  ["out of memory", "out-of-memory"],
  ["redémarre en boucle", "crash-loop"],
  ["connection reset by peer", "connection-lost"],
])("sensesOf, %j, holds %s", (text, wanted) => expect(senses(text)).toContain(wanted));

test("sensesOf, words that only begin like a term, stand for nothing", () => {
  expect(senses("orders stock clients marketing")).toEqual([]);
});

test.each([
  ["erreurs de connexion", true],
  ["droits", true],
  ["orders", false],
  ["finance", false],
])("speaksOfError, %j, is %s", (text, wanted) => expect(speaksOfError(text)).toBe(wanted));

test.each([
  ["connexions", "connexion"],
  ["refusee", "refuse"],
  ["refusees", "refuser"],
  ["rejected", "rejecting"],
  ["tables", "table"],
  ["acces", "acces"],
])("stem, %j and %j, is one", (one, other) => {
  expect(stem(one)).toBe(stem(other));
});

test.each(["ora01555", "disk", "code"])("stem, %j, stays", (word) => {
  expect(stem(word)).toBe(word);
});
