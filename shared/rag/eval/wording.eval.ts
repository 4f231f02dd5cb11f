import { createLogger } from "@flow-rag/kernel";
import { createChatModel } from "@flow-rag/models";
import { createDeadLetterStore, createRunFacts, createRunStore, createSourceHealthStore, openMongo } from "@flow-rag/stores";
import { draftOf, randomPrefix, startChatServer, testAddresses, type Evaluate } from "@flow-rag/testing";
import { randomUUID } from "node:crypto";
import { answerQuestion, type AnswerDeps } from "../src/index.js";
import { casesOf } from "./answer-questions.js";
import { datasets, toRun } from "./datasets.js";
import { exchangedLies } from "./exchanged-lies.js";
import { furtherLies } from "./further-lies.js";
import { lyingModels } from "./lying-models.js";
import { misplacedLies } from "./misplaced-lies.js";
import { rememberFacts } from "./remember-facts.js";

export const needsServices = true;

const liars = [...lyingModels, ...furtherLies, ...exchangedLies, ...misplacedLies];
/** The errors that are found near to a question are the most frequent ones: what is told of them is what is lied about. */
const errorsNear = 3;

/**
 * Every question with a model that repeats what was computed, and with models that each lie in their own way: no lie may be shown.
 * `--all` prints every fault, `--every 5` asks every fifth question only, `--matching REGEXP` those that match;
 * `--lying REGEXP` tells each question all lies whose names match, instead of three by turns.
 */
export const evaluate: Evaluate = async (args) => {
  const mongo = await openMongo(testAddresses().mongoUri, "STATE_MONGO_URI");
  const server = await startChatServer();
  const chat = createChatModel({
    baseUrl: server.baseUrl,
    apiKey: undefined,
    model: "stub",
    connectMs: 2_000,
    firstTokenMs: 5_000,
    totalMs: 10_000,
    promptTokens: 20_000,
    answerTokens: 4_000,
  });
  const results = new Map<string, { told: number; shown: number }>();
  const wrong: string[] = [];
  const every = Number(args[args.indexOf("--every") + 1]) || 1;
  const wanted = new RegExp(args.includes("--matching") ? (args[args.indexOf("--matching") + 1] ?? "") : "", "iu");
  const lying = args.includes("--lying") ? new RegExp(args[args.indexOf("--lying") + 1] ?? "", "iu") : undefined;
  const skipped: string[] = [];
  let questions = 0;
  try {
    for (const dataset of datasets(skipped)) {
      const db = mongo.db(`${randomPrefix()}wording`);
      try {
        const store = createRunStore(db);
        await store.ensureIndexes();
        for (let start = 0; start < dataset.rows.length; start += 1_000)
          await store.upsert(dataset.rows.slice(start, start + 1_000).map(toRun));
        const deps: AnswerDeps = {
          runs: rememberFacts(createRunFacts(db)),
          deadLetters: createDeadLetterStore(db),
          health: createSourceHealthStore(db),
          evidence: {
            search: async () => [],
            nearSignatures: async (_, ids) => ({
              views: new Map(ids.slice(0, errorsNear).map((id, index) => [id, [0.9 - index / 10]])),
              mixture: { words: 1, identifiers: 1 },
            }),
          },
          sources: ["flows"],
          newId: randomUUID,
          zone: "Europe/Paris",
          chat,
          now: () => new Date(dataset.now),
          log: createLogger("eval", "silent"),
        };
        for (const [turn, { question }] of casesOf(dataset).entries()) {
          if (turn % every !== 0 || !wanted.test(question)) continue;
          questions += 1;
          const byTurns = [turn, turn * 7 + 3, turn * 11 + 5].map((at) => liars[at % liars.length]);
          let truth = "";
          for (const model of [undefined, ...(lying ? liars.filter(({ name }) => lying.test(name)) : byTurns)]) {
            let told = false;
            let said = "";
            let complaint = "";
            // What cannot be told of the text need not be asked.
            if (model !== undefined && model.lie(truth, turn) === undefined) continue;
            server.reply(({ messages }) => {
              const draft = draftOf(messages);
              truth = draft;
              const lie = model?.lie(draft, turn);
              complaint = messages.length > 2 ? (messages.at(-1)?.content ?? "") : "";
              told = model === undefined || (lie !== undefined && lie !== draft);
              said = lie ?? draft;
              return { text: said };
            });
            const { wording, facts } = await answerQuestion(deps, { query: question, top_k: 8 }, AbortSignal.timeout(60_000));
            if (!told || model?.isTrueOf?.(facts?.byStatus.failed ?? 0)) continue;
            const name = model?.name ?? "truthful";
            const result = results.get(name) ?? { told: 0, shown: 0 };
            results.set(name, { told: result.told + 1, shown: result.shown + Number(wording.by === "llm") });
            if ((wording.by === "llm") !== (model === undefined))
              wrong.push(
                `${dataset.name} · ${name} · ${question} · ${wording.reason} ${wording.failedChecks.join(" ")}\n${marked(said, truth)}\n${complaint}`,
              );
          }
        }
      } finally {
        await db.dropDatabase();
      }
    }
  } finally {
    await chat.close();
    await server.close();
    await mongo.close();
  }
  for (const line of wrong.slice(0, args.includes("--all") ? undefined : 30)) console.error(line);
  const lies = [...results].filter(([name]) => name !== "truthful");
  return {
    table: [...results].map(([model, { told, shown }]) => ({ model, answers: told, shown })),
    summary: {
      questions,
      lies: lies.reduce((sum, [, { told }]) => sum + told, 0),
      liesShown: lies.reduce((sum, [, { shown }]) => sum + shown, 0),
      truthful: results.get("truthful")?.told ?? 0,
      truthfulShown: results.get("truthful")?.shown ?? 0,
    },
    passed: wrong.length === 0 && questions >= 200,
    ...(skipped.length > 0 && { skipped: `${skipped.join(", ")}: not in ../shared/data/runs` }),
  };
};

/** The text with an arrow before each line that was not computed. */
function marked(said: string, truth: string): string {
  const computed = new Set(truth.split("\n"));
  return said
    .split("\n")
    .map((line) => (computed.has(line) ? line : `→ ${line}`))
    .join("\n");
}
