import { createOperationCounter, type OperationCounter } from "@flow-rag/testing";
import { planFollowUp, planQuestion } from "../src/index.js";
import { mostParts, partsOf } from "../src/plan/question-length.js";
import { readTime } from "../src/time/read-time.js";
import { verifyText } from "../src/verify/verify-text.js";
import { hostileUnits } from "./hostile-units.js";
import { french } from "./yesterday-grounds.js";

const now = new Date("2026-11-30T13:00:00Z");
const zone = "Europe/Paris";
const stems = ["orders", "crm", "stock", "fx"];
const ends = ["daily", "export", "sync", "agg", "load"];
const catalogue = {
  pipelines: Array.from({ length: 300 }, (_, index) => `${stems[index % 4]}-${ends[index % 5]}-${index}`),
  techs: ["Spark", "dbt", "Talend", "http"],
  environments: ["prod", "preprod"],
};
const context = { now, zone, catalogue };

/** A unit repeated to so many words, numbers and marks, and no more characters than a question may have. */
function repeated(unit: string, parts: number): string {
  const text = unit.repeat(Math.ceil(2_000 / unit.length)).slice(0, 2_000);
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (partsOf(text.slice(0, middle), parts + 1) <= parts) low = middle;
    else high = middle - 1;
  }
  return text.slice(0, low);
}

let counter: OperationCounter;
beforeAll(() => {
  planQuestion("combien d'erreurs hier ?", context);
  counter = createOperationCounter("/shared/rag/src/");
});
afterAll(() => counter.close());

/** Twice the text may cost four times as much, and never more; at the bound of a question it is this at most. */
const mostBlocks = 1_500_000;
const mostCharacters = 2_500_000;
const growth = 4;
/** Below it what is fixed outweighs what grows. */
const small = 30_000;

const worse = (unit: string, half: { blocks: number; characters: number; formatters: number }, whole: typeof half): string[] => [
  ...(whole.blocks > Math.max(half.blocks * growth, small) || whole.blocks > mostBlocks
    ? [`${unit}: ${half.blocks} → ${whole.blocks} blocks`]
    : []),
  ...(whole.characters > Math.max(half.characters * growth, small) || whole.characters > mostCharacters
    ? [`${unit}: ${half.characters} → ${whole.characters} characters`]
    : []),
  ...(whole.formatters > 0 ? [`${unit}: ${whole.formatters} formatters`] : []),
];

test("planQuestion, hostile units at half the bound and at the bound, costs a bounded number of operations", () => {
  expect(hostileUnits.length).toBeGreaterThanOrEqual(200);
  const found = hostileUnits.flatMap((unit) => {
    const [half, whole] = [mostParts / 2, mostParts].map((parts) => counter.count(() => planQuestion(repeated(unit, parts), context)));
    return half && whole ? worse(JSON.stringify(unit), half, whole) : [];
  });
  expect(found).toEqual([]);
}, 600_000);

const letters = ["a", "orders", "é", "注", "ا", "_", "0", "Aa", "a1", "a_"];
test("planQuestion, words as long as a question lets them be, between quotes or not, costs a bounded number of operations", () => {
  const found = letters.flatMap((unit) =>
    [(words: string) => `échecs avec "${words}" hier`, (words: string) => `failures with ${words} yesterday`].flatMap((around) => {
      const [half, whole] = [3, 7].map((words) => {
        const text = Array.from({ length: words }, () => unit.repeat(256 / unit.length)).join(" ");
        return counter.count(() => planQuestion(around(text), context));
      });
      return half && whole ? worse(unit, half, whole) : [];
    }),
  );
  expect(found).toEqual([]);
}, 600_000);

test("readTime, hostile units at half the bound and at the bound, costs a bounded number of operations", () => {
  const found = hostileUnits.flatMap((unit) => {
    const [half, whole] = [mostParts / 2, mostParts].map((parts) => counter.count(() => readTime(repeated(unit, parts), now, zone)));
    return half && whole ? worse(JSON.stringify(unit), half, whole) : [];
  });
  expect(found).toEqual([]);
}, 600_000);

test("verifyText, hostile units up to the longest text, costs a bounded number of operations", () => {
  const found = hostileUnits.flatMap((unit) => {
    const [half, whole] = [600, 1_200].map((length) => counter.count(() => verifyText(unit.repeat(length).slice(0, length), french)));
    return half && whole ? worse(JSON.stringify(unit), half, whole) : [];
  });
  expect(found).toEqual([]);
}, 600_000);

test.each(["1 ", "8h-", "échecs de orders ", "a", "注", "(", "« "])(
  "planQuestion, %j far over the bound, is too long at next to no cost",
  (unit) => {
    for (const length of [1_000, 32_000]) {
      const text = unit.repeat(length / unit.length);
      if (partsOf(text, mostParts + 1) <= mostParts) continue;
      const { blocks, characters } = counter.count(() => {
        expect(planFollowUp(planQuestion("échecs hier ?", context), text, context).plan.unresolved).toEqual([
          { kind: "length", text: text.slice(0, 80).trim(), near: [] },
        ]);
      });
      expect(blocks).toBeLessThan(20_000);
      expect(characters).toBeLessThan(20_000);
    }
  },
);
