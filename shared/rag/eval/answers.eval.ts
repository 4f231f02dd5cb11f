import { createLogger } from "@flow-rag/kernel";
import {
  createDeadLetterStore,
  createRunFacts,
  createRunMirror,
  createRunStore,
  createSourceHealthStore,
  openMongo,
  type MongoConnection,
} from "@flow-rag/stores";
import { randomPrefix, testAddresses, type Evaluate } from "@flow-rag/testing";
import { answerQuestion, type AnswerDeps, type QuestionAnswer } from "../src/index.js";
import { measureLatency, storeRuns } from "./latency.js";
import { casesOf } from "./answer-questions.js";
import type { Case } from "./case.js";
import { figuresInText, figuresOf } from "./figures.js";
import { datasets, spring, toRun } from "./datasets.js";

export const needsServices = true;
const zone = "Europe/Paris";

/**
 * Questions over real and generated runs; the figures must be those of an independent fold, and stand in the text.
 * `--every N`: only each Nth of them, for a quick look. `--runs N`: how fast the facts of a day are among so many runs, in place of the questions.
 */
export const evaluate: Evaluate = async (args) => {
  const mongo = await openMongo(testAddresses().mongoUri, "STATE_MONGO_URI");
  const runs = Number(args[args.indexOf("--runs") + 1]);
  if (args.includes("--runs")) return await evaluateLatency(mongo, runs);
  const every = args.includes("--every") ? Number(args[args.indexOf("--every") + 1]) : 1;
  const results = new Map<string, { asked: number; right: number }>();
  const timings: number[] = [];
  const wrong: string[] = [];
  const skipped: string[] = [];
  try {
    for (const dataset of datasets(skipped)) {
      const db = mongo.db(`${randomPrefix()}answers`);
      try {
        const store = createRunStore(db);
        await store.ensureIndexes();
        for (let start = 0; start < dataset.rows.length; start += 1_000)
          await store.upsert(dataset.rows.slice(start, start + 1_000).map(toRun));
        const deps = depsOf(db, dataset.now);
        for (const each of casesOf(dataset).filter((_, index) => index % every === 0)) {
          const answer = await ask(deps, each);
          timings.push(answer.timings.total);
          const found = figuresOf(each, answer);
          const right = found === each.gold && figuresInText(each, answer);
          const result = results.get(each.operation) ?? { asked: 0, right: 0 };
          results.set(each.operation, { asked: result.asked + 1, right: result.right + Number(right) });
          if (!right)
            wrong.push(
              `${dataset.name} · ${each.operation} · ${[...(each.after ?? []), each.question].join(" → ")}\n  wanted ${each.gold}\n  found  ${found}\n  ${answer.answer.split("\n")[0] ?? ""}`,
            );
        }
      } finally {
        await db.dropDatabase();
      }
    }
  } finally {
    await mongo.close();
  }
  for (const line of wrong.slice(0, 60)) console.error(line);
  timings.sort((a, b) => a - b);
  const asked = timings.length;
  return {
    table: [...results].map(([operation, { asked: count, right }]) => ({
      operation,
      questions: count,
      right,
      accuracy: `${((100 * right) / count).toFixed(1)} %`,
    })),
    summary: {
      questions: asked,
      wrong: wrong.length,
      p50Ms: timings[Math.floor(asked / 2)] ?? null,
      p95Ms: timings[Math.floor(asked * 0.95)] ?? null,
    },
    passed: wrong.length === 0 && asked >= 200,
    ...(skipped.length > 0 && { skipped: `${skipped.join(", ")}: not in ../shared/data/runs` }),
  };
};

const depsOf = (db: ReturnType<MongoConnection["db"]>, now: string): AnswerDeps => ({
  runs: createRunFacts(db),
  deadLetters: createDeadLetterStore(db),
  health: createSourceHealthStore(db),
  evidence: { search: async () => [], nearSignatures: async () => undefined },
  sources: ["flows"],
  newId: () => "eval",
  zone,
  now: () => new Date(now),
  log: createLogger("eval", "silent"),
});

/** Both ways there are: out of memory as the API answers, and out of the database as the command line does. */
async function evaluateLatency(mongo: MongoConnection, runs: number): Promise<Awaited<ReturnType<Evaluate>>> {
  if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs: a number of runs is wanted");
  const db = mongo.db(`${randomPrefix()}latency`);
  const deps = depsOf(db, spring);
  const mirror = createRunMirror(db, { facts: createRunFacts(db), capacity: 1_000_000_000, zone, log: deps.log });
  try {
    await storeRuns(db, runs);
    await mirror.refresh();
    const inMemory = await measureLatency({ ...deps, runs: mirror });
    const database = await measureLatency(deps);
    const at = (list: readonly { ms: number }[], share: number) => Number((list[Math.floor(list.length * share)]?.ms ?? 0).toFixed(1));
    const figures = (of: string) => {
      const [memory, stored] = [inMemory, database].map((list) => list.filter(({ operation }) => of === "" || operation === of));
      return {
        questions: memory?.length ?? 0,
        p50Ms: at(memory ?? [], 0.5),
        p95Ms: at(memory ?? [], 0.95),
        databaseP50Ms: at(stored ?? [], 0.5),
        databaseP95Ms: at(stored ?? [], 0.95),
      };
    };
    const operations = [...new Set(inMemory.map(({ operation }) => operation))];
    return {
      table: operations.map((operation) => ({ operation, ...figures(operation) })),
      summary: { runs, ...figures("") },
      passed: true, // a machine's speed is no gate
    };
  } finally {
    await mirror.close();
    await db.dropDatabase();
    await mongo.close();
  }
}

/** The answer to the last question of a conversation that is all its own. */
async function ask(deps: AnswerDeps, { question, after = [] }: Case): Promise<QuestionAnswer> {
  let plan: Record<string, unknown> | undefined;
  const conversations: AnswerDeps["conversations"] = {
    lastPlan: async () => plan,
    append: async (_owner, _id, turn) => void (plan = turn.plan),
  };
  const put = (query: string) =>
    answerQuestion({ ...deps, conversations }, { query, top_k: 8, conversation_id: "eval" }, AbortSignal.timeout(60_000));
  for (const former of after) await put(former);
  return await put(question);
}
