import { existsSync, readFileSync } from "node:fs";
import type { Run } from "@flow-rag/contracts";
import { createSignatureMiner } from "@flow-rag/insights";
import { createLogger } from "@flow-rag/kernel";
import { answerQuestion, type AnswerDeps, type QuestionAnswer } from "@flow-rag/rag";
import {
  createDeadLetterStore,
  createRunFacts,
  createRunMirror,
  createRunStore,
  createRunStream,
  createSignatureStore,
  createSourceHealthStore,
} from "@flow-rag/stores";
import { createHarness, quotedPairs, sampleRun, saysQuote, type Harness } from "@flow-rag/testing";
import { generateSample } from "../../../services/cli/src/domain/generate-sample.js";
import { instantOf, toRuns, zone, type Raw } from "../eval/records.js";
import { buildReport } from "../src/build-report.js";
import { composeDocument } from "../src/compose-document.js";
import { renderEmail } from "../src/render-report.js";
import { renderSlack } from "../src/render-slack.js";
import { readRoutes } from "../src/routes.js";
import { settings } from "../src/settings.js";
import { alikeErrors } from "./alike-errors.js";
import { mailLines, slackLines, textLines } from "./report-lines.js";

const signal = AbortSignal.timeout(900_000);
const set = settings.parse({});
const routes = readRoutes(set, { hasDefaultChannels: true });
const dayMs = 86_400_000;

let harness: Harness;
beforeEach(async () => (harness = await createHarness()));
afterEach(async () => expect(await harness.lifecycle.close()).toBe(true));

/** Lines of `../shared/data/runs`; undefined where they are not there. */
function dataFile(name: string): Raw[] | undefined {
  const file = new URL(`../../../../shared/data/runs/${name}`, import.meta.url);
  if (!existsSync(file)) return undefined;
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Raw);
}
const sampleEnd = new Date("2026-05-06T05:30:00Z");
const corpora: [name: string, records: Raw[] | undefined][] = [
  ["errors that differ by who had them", alikeErrors(sampleEnd)],
  ["the generated sample", generateSample({ days: 14, pipelines: 40, seed: 7, end: sampleEnd, zone }).records],
  ["website-checks.ndjson", dataFile("website-checks.ndjson")],
  ["ci-builds.ndjson", dataFile("ci-builds.ndjson")],
];
const present = corpora.flatMap(([name, records]): [string, Raw[]][] => (records ? [[name, records]] : []));
const absent = corpora.filter(([, records]) => !records).map(([name]) => name);
if (absent.length > 0) process.stderr.write(`skipped, not in ../shared/data/runs: ${absent.join(", ")}\n`);

/** What the records themselves say, by pipeline: nothing of it went through the product. */
function readRecords(records: readonly Raw[]) {
  const errors = new Map<string, { at: number; error: string; tech: unknown }[]>();
  for (const record of records) {
    const { pipeline_name: named } = record;
    const pipeline = typeof named === "string" ? named : "unknown";
    const own = errors.get(pipeline) ?? [];
    errors.set(pipeline, own);
    const error = record["error_message"];
    if (typeof error === "string") own.push({ at: instantOf(record), error, tech: record["tech"] });
  }
  const says = (pipeline: string, quote: string, { from = -Infinity, to = Infinity, techs = [] as readonly string[] } = {}): boolean =>
    (errors.get(pipeline) ?? []).some(
      ({ at, error, tech }) => at >= from && at < to && (techs.length === 0 || techs.includes(String(tech))) && saysQuote(error, quote),
    );
  /** How many records of these pipelines, of all without a list, say it. */
  const timesSaid = (quote: string, { from = -Infinity, to = Infinity }, of?: readonly string[]): number =>
    [...errors].reduce((sum, [pipeline, own]) => {
      if (of && !of.includes(pipeline)) return sum;
      return sum + own.filter(({ at, error }) => at >= from && at < to && saysQuote(error, quote)).length;
    }, 0);
  return { pipelines: new Set(errors.keys()), says, timesSaid };
}
type Recorded = ReturnType<typeof readRecords>;

/** Stores the runs of the records; the instant of the last one that failed with an error, epoch ms. */
async function store(records: readonly Raw[]): Promise<number> {
  const miner = createSignatureMiner();
  const runs = toRuns(records).map(({ id, pipeline, tech, status, at, durationMs, owner, error, signature }): Run => {
    const environment = records[Number(id.slice(2))]?.["environment"];
    return sampleRun(id.slice(2), {
      ...{ source: "s", pipeline, tech, status, rawStatus: status, ts: new Date(at), durationMs, owner, error, signature },
      environment: typeof environment === "string" ? environment : null,
    });
  });
  for (let index = 0; index < runs.length; index += 1_000) await createRunStore(harness.state).upsert(runs.slice(index, index + 1_000));
  const noted = runs.flatMap(({ error, signature, pipeline, tech, ts }) =>
    error === null || signature === null
      ? []
      : [{ signature, template: miner.place(error)?.template ?? "", example: error, pipeline, tech, at: ts }],
  );
  await createSignatureStore(harness.state).note(noted);
  return Math.max(...runs.filter(({ status, error }) => status === "failed" && error !== null).map(({ ts }) => ts.getTime()));
}

const windows = ["hier", "ces 3 derniers jours", "ces 14 derniers jours", "en tout", "yesterday", "over the last 30 days"];
const templates = [
  "Quelles technos ont échoué {w} ?",
  "top 10 des erreurs {w}",
  "Quelles sont les erreurs les plus fréquentes {w} ?",
  "Quels pipelines ont échoué {w} ?",
  "échecs par environnement {w}",
  "pourquoi des échecs {w} ?",
  "pourquoi {t} échoue {w} ?",
  "quelles erreurs pour {t} {w} ?",
  "pourquoi {p} a échoué {w} ?",
  "quelles erreurs pour {p} {w} ?",
  "derniers échecs par techno {w}",
  "bilan de {p}",
  'a-t-on déjà vu "{e}" ?',
  'quels pipelines ont l\'erreur "{e}" {w} ?',
  'pourquoi l\'erreur "{e}" {w} ?',
  "most common errors {w}",
  "which technos failed {w}?",
  "why does {p} fail {w}?",
  'errors like "{e}" {w}',
  "erreurs jamais vues {w}",
];

/** The templates with the windows, the names that fail most and words of their errors, in turn. */
function questionsOf(records: readonly Raw[]): string[] {
  const failed = records.filter((record) => typeof record["error_message"] === "string");
  const frequent = (of: (record: Raw) => string[]): string[] => {
    const counts = new Map<string, number>();
    for (const value of failed.flatMap(of)) counts.set(value, (counts.get(value) ?? 0) + 1);
    return [...counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, 7)
      .map(([value]) => value);
  };
  const [pipelines, techs] = ["pipeline_name", "tech"].map((field) => frequent((record) => [String(record[field])])) as [
    string[],
    string[],
  ];
  const words = frequent((record) => String(record["error_message"]).match(/[A-Z]\p{L}{5,}(?:[.:-]\w+)?/gu) ?? []);
  let turn = 0;
  const next = (list: readonly string[]): string => list[turn++ % list.length] ?? "";
  return templates.flatMap((template) =>
    windows.map((window) =>
      template.replace("{w}", window).replace("{p}", next(pipelines)).replace("{t}", next(techs)).replace("{e}", next(words)),
    ),
  );
}

type Found = { pairs: number; counts: number; faults: string[] };
/** `« x » (4 fois)`, `1. « x » : 4 fois`, `• "x": 4 failures`: what is quoted with how often. */
const countedQuotes = (line: string): { quote: string; count: number }[] =>
  [...line.matchAll(/(?:«\s*([^«»]+?)\s*»|"([^"]+)")(?: \(|\s*: )(\d+) (?:fois|times?|échecs?|failures?|exécutions?|runs?)/g)].map(
    ([, french, english, count]) => ({ quote: french ?? english ?? "", count: Number(count) }),
  );

/** What an answer, its facts and its contexts quote of a pipeline that no record of that pipeline says in the asked window. */
function checkAnswer({ answer, facts, plan, contexts }: QuestionAnswer, recorded: Recorded, found: Found, asked: string): void {
  const anyTime = plan.operation === "status" || plan.operation === "similar" || plan.window === null;
  const span = anyTime ? {} : { from: plan.window?.from?.getTime() ?? -Infinity, to: plan.window?.to.getTime() ?? Infinity };
  const scope = { ...span, techs: plan.filters.techs };
  const check = (pipeline: string, quote: string, where: string): void => {
    found.pairs += 1;
    if (!recorded.says(pipeline, quote, scope)) found.faults.push(`${asked}: ${where}: "${quote}" under ${pipeline}`);
  };
  for (const line of answer.split("\n").filter((one) => /^(?:•|\d+\.|`)/.test(one))) {
    const pairs = quotedPairs(line, recorded.pipelines);
    for (const { pipeline, quote } of pairs) check(pipeline, quote, line);
    for (const { quote, count } of countedQuotes(line)) {
      found.counts += 1;
      const within = /, …(?=\s|$|[.;])/.test(line) ? undefined : pairs.map(({ pipeline }) => pipeline);
      const said = recorded.timesSaid(quote, span, within);
      if (said < count) found.faults.push(`${asked}: "${quote}" is said ${said} times, and not ${count}: ${line}`);
    }
    const outside = line.replace(/`[^`]*`|«[^«»]*»|"[^"]*"/g, " ");
    for (const [, n] of outside.matchAll(/\[(\d+)\]/g)) {
      const cited = contexts[Number(n) - 1]?.meta.pipeline;
      if (pairs.length > 0 && !pairs.some(({ pipeline }) => pipeline === cited)) found.faults.push(`${asked}: cites ${cited}: ${line}`);
    }
  }
  for (const { text, pipelines } of facts?.quotes ?? [])
    for (const pipeline of pipelines) check(pipeline, text.split("\n")[0] ?? "", "facts");
  for (const { example, pipelines } of facts?.nearest ?? [])
    for (const pipeline of pipelines) check(pipeline, example.split("\n")[0] ?? "", "nearest");
  for (const { content, meta } of contexts) {
    const [, error] = content.split("\n");
    found.pairs += 1;
    if (error !== undefined && !recorded.says(meta.pipeline, error)) found.faults.push(`${asked}: context ${meta.id}: ${error}`);
  }
}

test.each(present)(
  "answers and contexts, of %s, quote each pipeline's own errors",
  async (name, records) => {
    const last = await store(records);
    const recorded = readRecords(records);
    const mirror = createRunMirror(harness.state, { facts: createRunFacts(harness.state), capacity: 100_000_000, zone, log: harness.log });
    harness.lifecycle.own("mirror", mirror, (own) => own.close());
    await mirror.refresh();
    const deps: AnswerDeps = {
      runs: mirror,
      deadLetters: createDeadLetterStore(harness.state),
      health: createSourceHealthStore(harness.state),
      evidence: { search: async () => [], nearSignatures: async () => undefined },
      sources: ["s"],
      newId: () => "one",
      zone,
      now: () => new Date(last + 3_600_000),
      log: createLogger("test", "silent"),
    };
    const found: Found = { pairs: 0, counts: 0, faults: [] };
    const seeded: Found = { pairs: 0, counts: 0, faults: [] };
    for (const query of questionsOf(records)) {
      const answered = await answerQuestion(deps, { query, top_k: 8 }, signal);
      checkAnswer(answered, recorded, found, query);
      const { facts: counted } = answered;
      // The fault that this is for: one of the pipelines lends its text to all of them.
      const foreign = counted && { ...counted, quotes: counted.quotes.map((quote) => ({ ...quote, text: quote.example.error ?? "" })) };
      checkAnswer({ ...answered, facts: foreign }, recorded, seeded, query);
    }
    process.stderr.write(`${name}: ${found.pairs} quotes of answers and contexts, each beside a pipeline; ${found.counts} with a count\n`);
    expect(found.faults.slice(0, 10)).toEqual([]);
    expect(found.pairs).toBeGreaterThan(200);
    expect(found.counts).toBeGreaterThan(20);
    if (name === present[0]?.[0]) expect(seeded.faults.length).toBeGreaterThan(20);
  },
  300_000,
);

test.each(present)(
  "reports, of %s, quote each pipeline's own errors in Slack, HTML and text",
  async (name, records) => {
    const last = await store(records);
    const recorded = readRecords(records);
    const deps = {
      runs: createRunStream(harness.state),
      facts: createRunFacts(harness.state),
      signatures: createSignatureStore(harness.state),
      lookForDoubts: async () => ({ collect: async () => [] }),
    };
    const found = { pairs: 0, faults: [] as string[] };
    for (let shift = 0; shift < 4; shift += 1) {
      const to = new Date(last + 1 - shift * dayMs);
      const window = { from: new Date(to.getTime() - dayMs), to };
      const input = { kind: "daily", window, date: to.toISOString().slice(0, 10), zone, language: shift % 2 === 0 ? "fr" : "en" } as const;
      const { report } = await buildReport(deps, { ...input, settings: set, routes, readAt: to }, signal);
      const document = composeDocument(report, "default");
      const { html, text } = renderEmail(document, []);
      const forms = { slack: slackLines(renderSlack(document)), html: mailLines(html), text: textLines(text, recorded.pipelines) };
      for (const [form, lines] of Object.entries(forms)) {
        const pairs = lines.flatMap((line) => quotedPairs(line, recorded.pipelines));
        found.pairs += pairs.length;
        for (const { pipeline, quote, line } of pairs)
          if (!recorded.says(pipeline, quote, { to: to.getTime() })) found.faults.push(`${form}: "${quote}" under ${pipeline}: ${line}`);
      }
    }
    process.stderr.write(`${name}: ${found.pairs} quotes of reports, each beside a pipeline\n`);
    expect(found.faults.slice(0, 10)).toEqual([]);
    expect(found.pairs).toBeGreaterThan(5);
  },
  300_000,
);
