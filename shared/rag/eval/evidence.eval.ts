import { createLogger } from "@flow-rag/kernel";
import { openEmbedder } from "@flow-rag/models";
import type { Evaluate } from "@flow-rag/testing";
import { rankErrors, type ErrorText } from "../src/evidence/rank-errors.js";
import { evidenceQuestions } from "./evidence-questions.js";
import { generateSample, readDataFile } from "./run-fixtures.js";

const weights = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 1];

/** Paraphrases of errors against every kind of error of the sample and of the real runs: which share of BM25 finds the one that is meant. */
export const evaluate: Evaluate = async () => {
  const errors = readErrors();
  const { embedder, reason } = await openEmbedder(
    {
      kind: "auto",
      model: "intfloat/multilingual-e5-small",
      modelDir: "./models",
      dtype: "q8",
      offline: true,
      hubUrl: "https://huggingface.co",
    },
    { log: createLogger("eval", "silent") },
  );
  const signal = AbortSignal.timeout(300_000);
  const missed: string[] = [];
  try {
    const passages = await embedder.embedPassages(
      errors.map(({ text }) => text),
      signal,
    );
    const scores = new Map<string, Score>();
    for (const [meant, ...questions] of evidenceQuestions) {
      const wanted = new Set(errors.filter(({ text }) => meant.test(text)).map(({ signature }) => signature));
      if (wanted.size === 0) throw new Error(`no error of the corpus matches ${String(meant)}`);
      for (const question of questions) {
        const query = await embedder.embedQuery(question, signal);
        const vectors = new Map(
          errors.map(({ signature }, index) => [
            signature,
            (passages[index] ?? []).reduce((sum, value, axis) => sum + value * (query[axis] ?? 0), 0),
          ]),
        );
        const rank = (found: readonly { signature: string }[]) => found.findIndex(({ signature }) => wanted.has(signature));
        const byVector = [...vectors].sort((a, b) => b[1] - a[1]).map(([signature]) => ({ signature }));
        add(scores, "vector alone", rank(byVector));
        add(scores, "words alone", rank(rankErrors(question, errors, new Map())));
        for (const weight of weights) add(scores, `words ${weight}`, rank(rankErrors(question, errors, vectors, weight)));
        const shipped = rankErrors(question, errors, vectors);
        add(scores, "as shipped", rank(shipped));
        if (rank(shipped) !== 0)
          missed.push(
            `${question}\n  wanted ${String(meant)}, at ${rank(shipped)}\n  first  ${errors.find(({ signature }) => signature === shipped[0]?.signature)?.text.slice(0, 100) ?? "none"}`,
          );
      }
    }
    for (const line of missed) console.error(line);
    const shipped = scores.get("as shipped") as Score;
    const singles = [scores.get("vector alone") as Score, scores.get("words alone") as Score];
    return {
      table: [...scores].map(([ranking, { asked, first, third, reciprocal }]) => ({
        ranking,
        questions: asked,
        "hit@1": (first / asked).toFixed(3),
        "hit@3": (third / asked).toFixed(3),
        MRR: (reciprocal / asked).toFixed(3),
      })),
      summary: {
        errors: errors.length,
        questions: shipped.asked,
        embedder: reason,
        "hit@3": Number((shipped.third / shipped.asked).toFixed(3)),
      },
      passed: shipped.third / shipped.asked >= 0.8 && singles.every(({ reciprocal }) => shipped.reciprocal >= reciprocal),
    };
  } finally {
    await embedder.close();
  }
};

type Score = { asked: number; first: number; third: number; reciprocal: number };
function add(scores: Map<string, Score>, ranking: string, rank: number): void {
  const score = scores.get(ranking) ?? { asked: 0, first: 0, third: 0, reciprocal: 0 };
  score.asked += 1;
  score.first += Number(rank === 0);
  score.third += Number(rank >= 0 && rank < 3);
  score.reciprocal += rank < 0 ? 0 : 1 / (rank + 1);
  scores.set(ranking, score);
}

/** One text of each kind, told apart without the product: digits and what varies between quotes and in paths do not count. */
function readErrors(): ErrorText[] {
  const rows = [
    ...generateSample("2026-05-06T08:00:00+02:00", { days: 20, pipelines: 200 }),
    ...(readDataFile("website-checks.ndjson") ?? []),
    ...(readDataFile("ci-builds.ndjson") ?? []),
  ];
  const kinds = new Map<string, string>();
  for (const { error } of rows) {
    const kind = error?.replace(/\d+|\/\S+|[a-z0-9-]+\.prod\.internal|'[^']*'/g, "#").slice(0, 160);
    if (kind !== undefined && error && !kinds.has(kind)) kinds.set(kind, error.slice(0, 400));
  }
  return [...kinds].map(([signature, text]) => ({ signature, text }));
}
