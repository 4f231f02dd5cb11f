import fc from "fast-check";
import { createRegrouping, type Regrouping } from "./regroup-signatures.js";
import { firstIdOf, maskedWordsOf } from "./signature-miner.js";

type Stored = readonly [id: string, text: string, day: number];
/** What is made of runs, and of the texts that signatures are remembered by. */
function regroup(runs: readonly Stored[], remembered: readonly Stored[] = []): Regrouping {
  const regrouping = createRegrouping();
  const at = (day: number): Date => new Date(Date.UTC(2026, 4, day));
  for (const [id, text, day] of remembered) regrouping.take({ id, text, at: at(day), pipeline: null, tech: null });
  for (const [id, text, day] of runs) regrouping.take({ id, text, at: at(day), pipeline: `of ${text}`, tech: "Spark" });
  return regrouping.plan();
}
const idsOf = ({ forms }: Regrouping): string[] => forms.map(({ id }) => id);
const hashOf = (text: string): string => firstIdOf(maskedWordsOf(text) ?? { tokens: [], anchor: "" });

const severed = "Link to the peer has been severed";
const reset = "Link to the peer has been reset";

test("regrouping, one signature of two errors, splits and keeps its id where its remembered text is", () => {
  const runs: Stored[] = [["sig-a", severed, 2], ["sig-a", reset, 3], ["sig-a", reset, 4]]; // prettier-ignore
  const plan = regroup(runs, [["sig-a", reset, 1]]);
  const [kept, other] = [
    { id: "sig-a", template: reset, runs: 2 },
    { id: hashOf(severed), template: severed, runs: 1 },
  ];
  expect(plan).toMatchObject({ splits: [{ id: "sig-a", into: [kept, other] }], joins: [], joined: [] });
  expect(plan.restated).toContainEqual({
    ...{ id: hashOf(severed), template: severed, example: severed, pipelines: [`of ${severed}`], techs: ["Spark"] },
    ...{ firstSeen: new Date(Date.UTC(2026, 4, 2)), lastSeen: new Date(Date.UTC(2026, 4, 2)) },
  });
});

test("regrouping, nothing is remembered, keeps the id where the first run is", () => {
  const plan = regroup([["sig-a", reset, 3], ["sig-a", severed, 2]]); // prettier-ignore
  expect(plan.splits).toMatchObject([{ id: "sig-a", into: [{ template: severed }, { template: reset }] }]);
});

test("regrouping, several signatures that are one, are led to the oldest", () => {
  const people = ["alice", "bernard", "chloe", "dimitri", "elsa"];
  const plan = regroup(people.map((name, index): Stored => [`sig-${name}`, `invalid user ${name} from the gate`, 9 - index]));
  expect(plan.joins).toEqual([
    { id: "sig-elsa", template: "invalid user <*> from the gate", runs: 5, from: ["sig-dimitri", "sig-chloe", "sig-bernard", "sig-alice"] },
  ]);
  expect(plan.joined).toContainEqual({ into: "sig-elsa", from: "sig-alice" });
});

test("regrouping, the id of a new part is another's already, gets one that is free", () => {
  const taken = hashOf(severed);
  const plan = regroup([["sig-a", reset, 1], ["sig-a", severed, 2], [taken, "disk full", 3]]); // prettier-ignore
  expect(idsOf(plan)).toEqual(["sig-a", expect.not.stringMatching(`^(sig-a|${taken})$`), taken]);
});

const words = fc.array(fc.constantFrom("a", "b", "c", "d", "e", "f", "7"), { minLength: 4, maxLength: 5 }).map((list) => list.join(" "));
const anyRun = fc.tuple(fc.constantFrom("sig-1", "sig-2", "sig-3"), words, fc.integer({ min: 1, max: 28 }));

test("regrouping, of what it made of any runs, finds nothing more to do and never one id twice", () => {
  fc.assert(
    fc.property(fc.array(anyRun, { maxLength: 60 }), (runs) => {
      const plan = regroup(runs);
      const ids = plan.signatures.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const idOf = new Map(plan.forms.map(({ text, id }) => [text.tokens.join(" "), id]));
      const again = regroup(runs.map(([, text, day]): Stored => [idOf.get(maskedWordsOf(text)?.tokens.join(" ") ?? "") ?? "", text, day]));
      expect([again.splits, again.joins]).toEqual([[], []]);
    }),
  );
});
