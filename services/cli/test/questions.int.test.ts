import { createHarness, type Harness } from "@flow-rag/testing";
import { createRunStore } from "@flow-rag/stores";
import { tmpdir } from "node:os";
import { environmentOf, flowRag, flowRagReading, killRunning } from "./command-line.js";

jest.setTimeout(120_000);

let world: Harness;
const cwd = tmpdir();
const now = ["--now", "2026-05-06T08:00:00+02:00", "--json"];
beforeAll(async () => {
  world = await createHarness();
  const rows = ["2026-05-05T02:00:00Z", "2026-05-04T02:00:00Z", "2026-05-04T03:00:00Z"].map((ts, index) => ({
    source: "flows",
    recordId: String(index),
    pipeline: "orders-daily",
    tech: "Spark",
    status: "failed" as const,
    rawStatus: "KO",
    ts: new Date(ts),
    durationMs: null,
    error: "code 137",
    environment: null,
    owner: null,
    runRef: null,
    recordsProcessed: null,
    signature: "s",
    contentHash: "",
    fingerprint: "",
    indexedAt: new Date(0),
  }));
  await createRunStore(world.state).upsert(rows);
});
afterAll(async () => {
  killRunning();
  expect(await world.lifecycle.close()).toBe(true);
});
const linesOf = (stdout: string) =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test.each(["query", "plan"])(
  "flow-rag %s -, one line that is no question, answers the others in order and ends with 1",
  async (command) => {
    const input = `combien d'échecs hier ?\n\n${"x".repeat(2_001)}\nhow many failures yesterday?\n`;
    const { code, stdout } = await flowRagReading(input, [command, "-", ...now], environmentOf(world), { cwd });
    const lines = linesOf(stdout);
    expect(lines.map(({ question, language, error }) => [String(question).slice(0, 7), language, error])).toEqual([
      ["combien", "fr", undefined],
      ["xxxxxxx", undefined, { kind: "invalid_input", message: "invalid question: query: longer than 2,000 characters" }],
      ["how man", "en", undefined],
    ]);
    expect(code).toBe(1);
  },
);

test("flow-rag query --conversation, a follow-up, continues it", async () => {
  const ask = async (question: string) =>
    linesOf((await flowRag(["query", question, "--conversation", "c1", ...now], environmentOf(world), { cwd })).stdout)[0];
  expect(await ask("combien d'échecs hier ?")).toMatchObject({ continued: false, conversation_id: "c1", facts: { matching: 1 } });
  expect(await ask("et avant-hier ?")).toMatchObject({ continued: true, facts: { matching: 2 } });
});

test("flow-rag query --lang, a French question, is answered in English", async () => {
  const { stdout } = await flowRag(["query", "combien d'échecs hier ?", "--lang", "en", ...now], environmentOf(world), { cwd });
  expect(linesOf(stdout)[0]).toMatchObject({ language: "en", answer: expect.stringMatching(/^Yesterday/) as string });
});

test.each([
  ["an id with a space", ["--conversation", "a b"]],
  ["a language that is none", ["--lang", "de"]],
])("flow-rag query, %s, is wrong usage", async (_situation, options) => {
  expect((await flowRag(["query", "échecs hier ?", ...options], environmentOf(world), { cwd })).code).toBe(2);
});

test("flow-rag questions, after some, shows them with what was not understood, and as JSON", async () => {
  const apart = await createHarness();
  try {
    const run = (...args: string[]) => flowRag(args, environmentOf(apart), { cwd });
    expect((await run("questions")).stderr).toContain("nothing was asked in the last 7 days");
    for (const question of ["quelles technos ont échoué hier bleutées ?", "Quelles technos ont echoué hier bleutées"])
      await run("query", question);
    const { code, stdout, stderr } = await run("questions", "--days", "1");
    expect([code, stdout.trim().split("\n").length]).toEqual([0, 1]);
    expect(stdout).toMatch(/^2× by 1 · Quelles technos ont echoué hier bleutées · .*not understood: bleutées \(word, 2×\)/);
    expect(stderr).toContain("2 questions, 1 different, by 1");
    const [all] = linesOf((await run("questions", "--json")).stdout);
    expect(all).toMatchObject({ asked: 2, different: 1, questions: [{ times: 2, askers: 1 }] });
    expect((await run("questions", "--days", "0")).code).toBe(2);
  } finally {
    expect(await apart.lifecycle.close()).toBe(true);
  }
});
