import { joinViews, rankTexts } from "./rank-texts.js";

const mixture = { words: 1, identifiers: 1 };

const errors = [
  { id: "memory", text: "Container killed by YARN for exceeding memory limits. Exit code 137" },
  { id: "disk", text: "java.io.IOException: Espace disque insuffisant sur db01" },
  { id: "listener", text: "ORA-12541: TNS:no listener" },
  { id: "access", text: "org.apache.hadoop.security.AccessControlException: Permission denied: user=etl" },
];
const first = (question: string) => rankTexts(question, errors, undefined)[0]?.id;

test.each([
  ["mémoire insuffisante", "memory"],
  ["out of memory", "memory"],
  ["no space left on disk", "disk"],
  ["droits manquants", "access"],
  ["accesscontrolexception", "access"],
  ["ora-12541", "listener"],
  ["erreur listener", "listener"],
])("rankTexts, %j without vectors, finds the error in either language", (question, wanted) => {
  expect(first(question)).toBe(wanted);
});

test("rankTexts, no common term and no vectors, finds nothing", () => {
  expect(rankTexts("météo de demain", errors, undefined)).toEqual([]);
});

test("rankTexts, no common term and one vector far above the others, finds that one", () => {
  const many = Array.from({ length: 12 }, (_, index) => ({ id: `s${index}`, text: `x${index}` }));
  const cosines = new Map(many.map(({ id }, index) => [id, index === 7 ? 0.95 : 0.8]));
  expect(rankTexts("météo", many, { cosines, mixture }).map(({ id }) => id)).toEqual(["s7"]);
});

test("rankTexts, equal scores, are in the order of the id", () => {
  const twins = ["b", "a"].map((id) => ({ id, text: "disk full" }));
  expect(rankTexts("disk", twins, undefined).map(({ id }) => id)).toEqual(["a", "b"]);
});

const crowd = ["disk quota", ...Array.from({ length: 10 }, (_, index) => `disk no ${index}`)].map((text, index) => ({
  id: `s${index}`,
  text,
}));

test.each([
  ["a question in words of one's own, goes by the vectors", "the quota of my disk", 0.2, "s5"],
  ["the same with heavier words, goes by the words", "the quota of my disk", 5, "s0"],
  ["quoted text, is an identifier and goes by the words", '"disk quota"', 0.2, "s0"],
] as const)("rankTexts, %s", (_situation, question, words, wanted) => {
  // Cosines lie close together, as those of E5 do: what counts is how far one is from the others.
  const cosines = new Map(crowd.map(({ id }, index) => [id, index === 5 ? 0.82 : 0.8 + index / 10_000]));
  expect(rankTexts(question, crowd, { cosines, mixture: { words, identifiers: 5 } })[0]?.id).toBe(wanted);
});

test("rankTexts, a text that the index did not find, is as far as the farthest and its words still count", () => {
  const cosines = new Map(crowd.slice(1).map(({ id }) => [id, 0.8]));
  const ranked = rankTexts("quota", crowd, { cosines, mixture });
  expect(ranked).toMatchObject([{ id: "s0", vector: null }]);
});

test("joinViews, cosines with several views, are their mean", () => {
  expect(joinViews(new Map([["a", [0.5, 1]], ["b", [0.9]]]))).toEqual(new Map([["a", 0.75], ["b", 0.9]])); // prettier-ignore
});
