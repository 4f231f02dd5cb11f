import { errorViews, pageViews } from "@flow-rag/insights";
import type { Mixtures } from "@flow-rag/models";
import { readdirSync, readFileSync } from "node:fs";
import type { Candidate } from "../src/evidence/rank-texts.js";
import { evidenceQuestions } from "./evidence-questions.js";
import { generateSample, readDataFile, type GoldRun } from "./run-fixtures.js";

/** What is sought: texts with their views, and questions by name of the set. */
export type Corpus = {
  readonly name: string;
  readonly kind: keyof Mixtures;
  readonly candidates: readonly (Candidate & { readonly views: readonly string[] })[];
  readonly sets: ReadonlyMap<string, readonly Asked[]>;
};
export type Asked = { readonly question: string; readonly wanted: ReadonlySet<string> };
type Told = { fr: string; en: string; runs: string[]; vague: boolean };

const data = new URL("../../../../shared/data/", import.meta.url);
const shown = 400;

/** Every corpus whose data is there, and the names of those that are not. */
export function readCorpora(): { corpora: Corpus[]; absent: string[] } {
  const corpora: Corpus[] = [paraphrases()];
  const absent: string[] = [];
  for (const [name, read] of [
    ["runbooks", runbooks],
    ["builds", builds],
  ] as const) {
    try {
      corpora.push(read());
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOENT") throw error;
      absent.push(name);
    }
  }
  return { corpora, absent };
}

const linesOf = <T>(path: string): T[] =>
  readFileSync(new URL(path, data), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);

/** Pages of other people's runbooks: alert texts and questions of people on call, each with the pages meant. */
function runbooks(): Corpus {
  const folder = new URL("runbooks/pages/", data);
  const candidates = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => {
      const text = readFileSync(new URL(path, folder), "utf8");
      return { id: `pages/${path}`, text, views: pageViews({ title: /^# (.+)$/m.exec(text)?.[1] ?? path, text }) };
    });
  const pairs = linesOf<{ text: string; runbook: string }>("runbooks/pairs.jsonl");
  const questions = linesOf<{ fr: string; en: string; runbooks: string[] }>("runbooks/questions.jsonl");
  return {
    name: "runbooks",
    kind: "pages",
    candidates,
    sets: new Map([
      ["alert", pairs.map(({ text, runbook }) => ({ question: text, wanted: new Set([runbook]) }))],
      ["fr", questions.map(({ fr, runbooks: wanted }) => ({ question: fr, wanted: new Set(wanted) }))],
      ["en", questions.map(({ en, runbooks: wanted }) => ({ question: en, wanted: new Set(wanted) }))],
    ]),
  };
}

/** Errors of other people's builds, a kind each, and questions about some of them. */
function builds(): Corpus {
  const questions = linesOf<Told>("questions/error-questions.jsonl");
  const telling = questions.filter(({ vague }) => !vague);
  const { kinds, kindOf } = kindsOf(readDataFile("ci-builds.ndjson") ?? []);
  const asked = (rows: readonly Told[], language: "fr" | "en"): Asked[] =>
    rows.map((row) => ({ question: row[language], wanted: new Set(row.runs.flatMap((id) => kindOf.get(id) ?? [])) }));
  return {
    name: "builds",
    kind: "errors",
    candidates: kinds,
    sets: new Map([
      ["fr", asked(questions, "fr")],
      ["en", asked(questions, "en")],
      ["fr, text says what", asked(telling, "fr")],
      ["en, text says what", asked(telling, "en")],
    ]),
  };
}

/** Errors of the generated sample among the real ones, and paraphrases of them. */
function paraphrases(): Corpus {
  const { kinds } = kindsOf([
    ...generateSample("2026-05-06T08:00:00+02:00", { days: 20, pipelines: 200 }),
    ...(readDataFile("website-checks.ndjson") ?? []),
    ...(readDataFile("ci-builds.ndjson") ?? []),
  ]);
  const asked = evidenceQuestions.flatMap(([meant, ...questions]) => {
    const wanted = new Set(kinds.filter(({ text }) => meant.test(text)).map(({ id }) => id));
    if (wanted.size === 0) throw new Error(`no error of the corpus matches ${String(meant)}`);
    return questions.map((question) => ({ question, wanted }));
  });
  return { name: "sample", kind: "errors", candidates: kinds, sets: new Map([["fr and en", asked]]) };
}

/** One text of each kind, told apart without the product: digits and what varies between quotes and in paths do not count. */
function kindsOf(runs: readonly GoldRun[]) {
  const first = new Map<string, string>();
  const kindOf = new Map<string, string>();
  for (const { id, error } of runs) {
    if (!error) continue;
    const kind = error.replace(/\d+|\/\S+|[a-z0-9-]+\.prod\.internal|'[^']*'/g, "#").slice(0, 160);
    kindOf.set(id, kind);
    if (!first.has(kind)) first.set(kind, error);
  }
  const kinds = [...first].map(([id, error]) => ({ id, text: error.slice(0, shown), views: errorViews(error) }));
  return { kinds, kindOf };
}
