import { isDeepStrictEqual } from "node:util";
import { createDeadLetterStore, createRunFacts, createSourceHealthStore } from "@flow-rag/stores";
import { answerQuestion, type AnswerDeps, type QuestionAnswer } from "@flow-rag/rag";
import { askedRuns, composedQuestions, corpusQuestions } from "./asked-questions.js";
import { quotedPairs, saysQuote } from "@flow-rag/testing";
import { signal, startLiveApi, type LiveApi } from "./live-api.js";

const soak = process.env["FLOW_RAG_SOAK"] === "true";
/** Every so many questions are asked, all of them under soak; and every so many of those are counted in the database as well. */
const [asksEach, databaseEach] = soak ? [1, 1] : [5, 4];
const started = new Date();
const runs = askedRuns(started);

let api: LiveApi;
let deps: AnswerDeps;
beforeAll(async () => {
  api = await startLiveApi({ RATE_LIMIT_QUESTIONS: "0" });
  await api.store(runs);
  deps = {
    runs: createRunFacts(api.world.state),
    deadLetters: createDeadLetterStore(api.world.state),
    health: createSourceHealthStore(api.world.state),
    evidence: { search: async () => [], nearSignatures: async () => undefined },
    sources: ["flows", "others"],
    newId: () => "direct",
    zone: "Europe/Paris",
    now: () => new Date(),
    log: api.world.log,
  };
}, 60_000);
afterAll(async () => {
  expect(await api.world.lifecycle.close()).toBe(true);
});

type Answered = Pick<QuestionAnswer, "answer" | "facts" | "plan" | "citations" | "contexts">;

const all = [...composedQuestions(3_000), ...corpusQuestions()];
const questions = all.filter((_, index) => index % asksEach === 0);

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
    for (const [part, mine, other] of compared(answered, direct))
      if (!isDeepStrictEqual(mine, other)) faults.push(`${query}: ${part} differs: ${JSON.stringify(mine)} ≠ ${JSON.stringify(other)}`);
  }
  expect(all.length).toBeGreaterThan(6_000);
  expect(faults.slice(0, 20)).toEqual([]);
  expect(pairs).toBeGreaterThan(soak ? 9_000 : 1_500);
}, 900_000);

/** What both ways say, without what a few milliseconds between them change. */
const compared = (a: Answered, b: Answered): [part: string, mine: unknown, other: unknown][] => {
  const parts = ({ answer, facts, plan, citations }: Answered) => {
    const { window, compareWindow, ...asked } = plan;
    const { runs: counted, matching, byStatus, groups, listed, states, missing, samples } = facts ?? {};
    return {
      answer,
      facts: { counted, matching, byStatus, groups, listed, states, missing, samples },
      plan: { ...asked, label: window?.label, compared: compareWindow?.label },
      citations,
    };
  };
  const [mine, other] = [parts(a), parts(b)];
  return (["answer", "facts", "plan", "citations"] as const).map((part) => [part, mine[part], other[part]]);
};

const pipelines = new Set(runs.map(({ pipeline }) => pipeline));
let pairs = 0;

/**
 * Quotes that no run of a pipeline says under whose name they stand, among the runs that were asked about; and citations that lead to a pipeline
 * that their line does not name.
 */
function foreignQuotes({ answer, plan, contexts, citations }: Answered): string[] {
  const [from, to] = [
    plan.window?.from ? Date.parse(String(plan.window.from)) : -Infinity,
    plan.window ? Date.parse(String(plan.window.to)) : Infinity,
  ];
  const { techs, environments } = plan.filters;
  // How things stand, or stood before, is told of other times as well.
  const anyTime = plan.operation === "status" || plan.operation === "similar" || plan.window === null;
  const asked = runs.filter(
    ({ ts, tech, environment }) =>
      (anyTime || (ts.getTime() >= from && ts.getTime() < to)) &&
      (techs.length === 0 || techs.includes(tech)) &&
      (environments.length === 0 || (environment !== null && environments.includes(environment))),
  );
  return answer.split("\n").flatMap((line) => {
    if (!/^(?:•|\d+\.|`)/.test(line)) return [];
    const own = quotedPairs(line, pipelines);
    pairs += own.length;
    const foreign = own.filter(
      ({ quote, pipeline }) => !asked.some((one) => one.pipeline === pipeline && saysQuote(one.error ?? "", quote)),
    );
    const outside = line.replace(/`[^`]*`|«[^«»]*»|"[^"]*"/g, " ");
    const cited = [...outside.matchAll(/\[(\d+)\]/g)].map(([, n]) => contexts[Number(n) - 1]?.meta);
    return [
      ...foreign.map(({ quote, pipeline }) => `"${quote}" under ${pipeline} in ${line}`),
      ...cited
        .filter((meta) => meta === undefined || (own.length > 0 && !own.some(({ pipeline }) => pipeline === meta.pipeline)))
        .map((meta) => `cites ${meta?.pipeline} in ${line}`),
      ...(citations.length === 0 && cited.length > 0 ? [`no citations for ${line}`] : []),
    ];
  });
}
