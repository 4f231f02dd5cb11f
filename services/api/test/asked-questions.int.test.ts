import { createDeadLetterStore, createRunFacts } from "@flow-rag/stores";
import { answerQuestion, type AnswerDeps, type QuestionAnswer } from "@flow-rag/rag";
import { askedRuns, composedQuestions, corpusQuestions } from "./asked-questions.js";
import { signal, startLiveApi, type LiveApi } from "./live-api.js";

const soak = process.env["FLOW_RAG_SOAK"] === "true";
/** Of the corpora every so many; and every so many of all are counted in the database as well. */
const [corpusEach, databaseEach] = soak ? [1, 1] : [3, 6];
const now = new Date("2026-05-06T08:00:00+02:00");
const runs = askedRuns(now);
const timers = [
  "nextTick",
  "performance",
  "queueMicrotask",
  "setImmediate",
  "clearImmediate",
  "setInterval",
  "clearInterval",
  "setTimeout",
  "clearTimeout",
  "hrtime",
] as const;

let api: LiveApi;
let deps: AnswerDeps;
beforeAll(async () => {
  // Both ways have one clock: a window "until now" is the same for them.
  jest.useFakeTimers({ now, doNotFake: [...timers] });
  api = await startLiveApi({ RATE_LIMIT_QUESTIONS: "1000000", SOURCES: '[{"name":"flows"}]' });
  await api.store(runs);
  deps = {
    runs: createRunFacts(api.world.state),
    deadLetters: createDeadLetterStore(api.world.state),
    evidence: { search: async () => [], nearestSignatures: async () => [] },
    sources: ["flows"],
    newId: () => "direct",
    zone: "Europe/Paris",
    now: () => now,
    log: api.world.log,
  };
}, 60_000);
afterAll(async () => {
  jest.useRealTimers();
  expect(await api.world.lifecycle.close()).toBe(true);
});

type Answered = Pick<QuestionAnswer, "answer" | "facts" | "plan" | "citations" | "contexts">;

const questions = [...composedQuestions(3_000), ...corpusQuestions().filter((_, index) => index % corpusEach === 0)];

test("POST /query, composed questions and those of all corpora, answers as the database does and quotes each pipeline's own errors", async () => {
  const faults: string[] = [];
  for (const [index, query] of questions.entries()) {
    const { status, body, text } = await api.send("POST", "/query", { body: { query } });
    if (status !== 200) {
      faults.push(`${query}: ${status} ${text.slice(0, 200)}`);
      continue;
    }
    const answered = body as unknown as Answered;
    faults.push(...foreignQuotes(answered).map((fault) => `${query}: ${fault}`));
    if (index % databaseEach !== 0) continue;
    const direct = JSON.parse(JSON.stringify(await answerQuestion(deps, { query, top_k: 8 }, signal))) as Answered;
    for (const part of ["plan", "answer", "facts", "citations"] as const)
      if (JSON.stringify(answered[part]) !== JSON.stringify(direct[part]))
        faults.push(
          `${query}: ${part} differs: ${JSON.stringify(answered[part])?.slice(0, 300)} ≠ ${JSON.stringify(direct[part])?.slice(0, 300)}`,
        );
  }
  expect(questions.length).toBeGreaterThan(3_500);
  expect(faults.slice(0, 20)).toEqual([]);
}, 900_000);

const plain = (text: string): string =>
  text
    .replace(/[`«»“”"']/g, "'")
    .replace(/\[\s*(\d+)\s*\]/g, "($1)")
    .replace(/\*+/g, "∗")
    .replace(/\s+/g, " ");

/** Quotes of a line, and citations, that belong to no run of a pipeline that the line names, in the window that was asked about. */
function foreignQuotes({ answer, plan, contexts, citations }: Answered): string[] {
  const [from, to] = [
    plan.window?.from ? Date.parse(String(plan.window.from)) : -Infinity,
    plan.window ? Date.parse(String(plan.window.to)) : Infinity,
  ];
  // How things stand, or stood before, is told of other times as well.
  const anyTime = plan.operation === "status" || plan.operation === "similar" || plan.window === null;
  return answer.split("\n").flatMap((line) => {
    if (!/^(?:•|\d+\.|`)/.test(line)) return [];
    const named = new Set([...line.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    const own = runs.filter(
      ({ pipeline, ts, error }) => named.has(pipeline) && error !== null && (anyTime || (ts.getTime() >= from && ts.getTime() < to)),
    );
    if (![...named].some((name) => runs.some(({ pipeline }) => pipeline === name))) return [];
    const quotes = [...line.matchAll(/«\s*([^«»]+?)\s*»|"([^"]+)"/g)].map((match) => plain((match[1] ?? match[2] ?? "").replace(/…$/, "")));
    const foreign = quotes.filter((quote) => !own.some(({ error }) => plain(error ?? "").includes(quote)));
    const cited = [...line.replace(/`[^`]*`/g, " ").matchAll(/\[(\d+)\]/g)].map(([, n]) => contexts[Number(n) - 1]?.meta);
    return [
      ...foreign.map((quote) => `"${quote}" under ${[...named].join(", ")}`),
      ...cited.filter((meta) => meta === undefined || !named.has(meta.pipeline)).map((meta) => `cites ${meta?.pipeline} in ${line}`),
      ...(citations.length === 0 && cited.length > 0 ? [`no citations for ${line}`] : []),
    ];
  });
}
