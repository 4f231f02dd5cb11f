import { foldStatus } from "./status-word.js";
import { sourceStatuses } from "./source-statuses.js";

const problemsOf = (given: unknown): string[] =>
  (sourceStatuses.safeParse(given).error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);

test("sourceStatuses, words in any case, with accents, signs and numbers, are known by their folded form", () => {
  const statuses = sourceStatuses.parse({ "Raté-Complet": "failed", "7": "success", "✅": "success" });
  expect(["RATE COMPLET", "7", "✅", "rate"].map((word) => statuses.get(foldStatus(word)))).toEqual([
    "failed",
    "success",
    "success",
    undefined,
  ]);
});

test.each([
  [
    "a status that is none",
    { KAPUTT: "broken" },
    "KAPUTT: must be one of success, failed, running, cancelled, skipped, warning, unknown, upstream_failed",
  ],
  ["a list as a status", { KAPUTT: ["failed"] }, "KAPUTT: must be one of success"],
  ["a blank word", { " ": "failed" }, " : a word is 1 to 100 characters"],
  ["one word twice in two forms", { échec: "failed", ECHEC: "success" }, "ECHEC: is failed already"],
  ["no object", ["failed"], ": must be a JSON object such as"],
])("sourceStatuses, %s, is refused by the word", (_case, given, problem) => {
  expect(problemsOf(given)).toEqual([expect.stringContaining(problem)]);
});

test("sourceStatuses, more than a thousand words, are refused", () => {
  const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`word ${index}`, "failed"]));
  expect(problemsOf(many)).toEqual([": 1001 words are too many: 1000 at most"]);
});
