import { createRunFacts, type RunFacts } from "@flow-rag/stores";
import { createHarness, type Harness } from "@flow-rag/testing";
import { createGapReader } from "../src/index.js";
import { createAsking, morning, run } from "./asking.js";

let harness: Harness;
beforeEach(async () => (harness = await createHarness()));
afterEach(async () => expect(await harness.lifecycle.close()).toBe(true));

const hourMs = 3_600_000;
/** Five weeks of a run an hour, without those of one morning. */
const hourly = Array.from({ length: 24 * 40 }, (_, index) => run(index, { ts: new Date(morning.getTime() - (index + 1) * hourMs) })).filter(
  ({ ts }) => ts < new Date("2026-05-05T05:00:00Z") || ts > new Date("2026-05-05T10:00:00Z"),
);
const missing = { kind: "gap", source: "flows", from: "2026-05-05T05:00:00.000Z", to: "2026-05-05T11:00:00.000Z" };

/** Counts how often the quarters of weeks are read, which takes the work that a question should not do. */
function counting(facts: RunFacts, reads: { quarters: number }): RunFacts {
  return {
    ...facts,
    quarters: (filter, signal) => {
      reads.quarters += Number((filter.to?.getTime() ?? 0) - (filter.from?.getTime() ?? 0) > 30 * 24 * hourMs);
      return facts.quarters(filter, signal);
    },
    limitedTo: (limits) => counting(facts.limitedTo(limits), reads),
    snapshot: async (signal) => counting(await facts.snapshot(signal), reads),
  };
}

test("answerQuestion, twenty questions about recent windows, reads the runs of weeks once, and again when the minute is over or a run came", async () => {
  const reads = { quarters: 0 };
  let time = 0;
  const { ask, store } = createAsking(harness, {
    runs: counting(createRunFacts(harness.state), reads),
    gaps: createGapReader(() => time),
  });
  await store(hourly);
  const questions = ["échecs hier ?", "combien d'échecs ces 7 derniers jours ?", "failures yesterday?", "bilan du 5 mai"];
  const asked = Array.from({ length: 20 }, (_, index) => questions[index % questions.length] as string);
  const answers = [...(await Promise.all(asked.slice(0, 8).map((question) => ask(question))))];
  for (const question of asked.slice(8)) answers.push(await ask(question));
  for (const { coverage } of answers) expect(coverage.doubts).toContainEqual(missing);
  expect(reads.quarters).toBe(1);
  time = 60_000;
  await ask("échecs hier ?");
  expect(reads.quarters).toBe(2);
  await store([run(10_000, { ts: morning })]);
  await ask("échecs hier ?");
  expect(reads.quarters).toBe(3);
});

test("answerQuestion, a window after or before a gap, tells it only of a window that holds some of it", async () => {
  const { ask, store } = createAsking(harness, { gaps: createGapReader() });
  await store(hourly);
  const gaps = async (question: string) => (await ask(question)).coverage.doubts.filter(({ kind }) => kind === "gap");
  expect(await gaps("échecs aujourd'hui ?")).toEqual([]);
  expect(await gaps("échecs avant-hier ?")).toEqual([]);
  expect(await gaps("échecs hier ?")).toEqual([missing]);
  expect(await gaps("échecs le 5 mai entre 10h et 11h ?")).toEqual([
    { ...missing, from: "2026-05-05T08:00:00.000Z", to: "2026-05-05T09:00:00.000Z" },
  ]);
});
