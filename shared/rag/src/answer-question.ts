import type { Context, Language, Question, QuestionFilters } from "@flow-rag/contracts";
import { AppError, redact, type Logger } from "@flow-rag/kernel";
import type { ChatModel } from "@flow-rag/models";
import type { ConversationStore, DeadLetterStore, QueryLogStore, RunSnapshots, SourceHealthStore } from "@flow-rag/stores";
import { limitsOf, resolveFilters, withinWindow } from "./apply-filters.js";
import { anyone, sourcesFor, type Asker } from "./asker.js";
import { planPicked } from "./pick-listed.js";
import { coverageOf, type Coverage } from "./coverage.js";
import { collectDoubts, readEarlyDoubts } from "./doubts/collect-doubts.js";
import type { GapReader } from "./doubts/read-gaps.js";
import { collectEvidence } from "./evidence/collect-evidence.js";
import type { EvidenceIndex } from "./evidence/evidence-index.js";
import { evidenceScope, findRuns, soughtText, withRuns } from "./evidence/find-contexts.js";
import { lookedAt } from "./evidence/spread-hits.js";
import { collectFacts, scopeOf } from "./facts/collect-facts.js";
import type { Facts } from "./facts/facts.js";
import { settleSought } from "./facts/settle-sought.js";
import { widenEmptyWindow } from "./facts/widen-window.js";
import { describePlan } from "./plan/describe-plan.js";
import { planFollowUp } from "./plan/follow-up.js";
import type { Plan } from "./plan/plan.js";
import type { Catalogue } from "./plan/names.js";
import { isTooLong } from "./plan/question-length.js";
import { readQuestion } from "./plan/read-question.js";
import { isTextOfTool } from "./plan/sought-text.js";
import type { QuestionReading } from "./plan/question-reading.js";
import { logQuestion, recallPlan, rememberTurn } from "./remember-turn.js";
import { writeAnswer, type AnswerWording } from "./wording/write-answer.js";

export type AnswerDeps = {
  runs: RunSnapshots;
  deadLetters: Pick<DeadLetterStore, "count">;
  health: Pick<SourceHealthStore, "read">;
  evidence: Pick<EvidenceIndex, "search" | "nearSignatures">;
  /** Names of all sources. */
  sources: readonly string[];
  /** Without them no question continues another, and none is logged. */
  conversations?: Pick<ConversationStore, "lastPlan" | "append">;
  queryLog?: Pick<QueryLogStore, "add">;
  /** Records that are waiting to be indexed. Without it nobody looks. */
  pending?: (sources: readonly string[], signal: AbortSignal) => Promise<number>;
  /** Keeps what is usual of a source from one question to the next. */
  gaps?: GapReader;
  /** An id that no other conversation has. */
  newId: () => string;
  /** Business time zone: what "yesterday" means. */
  zone: string;
  /** Without it the templates word every answer. */
  chat?: ChatModel | undefined;
  now: () => Date;
  log: Logger;
  /** Told of each part of the answer as soon as it is there, in this order; for those who show an answer while it is made. */
  onStage?: (stage: AnswerStage) => void;
};
/** A part of an answer that is final before the whole is. */
export type AnswerStage =
  | { readonly stage: "plan"; readonly data: Pick<QuestionAnswer, "plan" | "filters" | "resolved" | "continued"> }
  | { readonly stage: "facts"; readonly data: Pick<QuestionAnswer, "facts"> }
  | { readonly stage: "evidence"; readonly data: Pick<QuestionAnswer, "contexts"> };

/** Answer to POST /query. Instants are ISO 8601, UTC, once it is JSON. */
export type QuestionAnswer = {
  answer: string;
  contexts: Context[];
  timestamp: string;
  language: Language;
  /** The next question may continue from here. */
  conversation_id: string;
  /** The question in words, with what was taken over from the one before; `continued` says whether anything was. */
  resolved: string;
  continued: boolean;
  /** How the question was understood. */
  plan: Plan & { zone: string };
  /** The filters as they were applied, names as they are in the data. */
  filters: QuestionFilters;
  /** Computed from the runs; null when the question could not be understood or asks for no figure. */
  facts: Facts | null;
  /** What `[n]` in the answer points to. */
  citations: { n: number; id: string }[];
  coverage: Coverage;
  wording: AnswerWording;
  /** Milliseconds. */
  timings: { plan: number; facts: number; evidence: number; wording: number; total: number };
  /** True when no evidence could be looked up: the counts are exact all the same. */
  degraded: boolean;
  /** With `debug` only. */
  debug?: AnswerDebug;
};
export type AnswerDebug = {
  /** What was read in the text, before defaults. */
  reading: Pick<QuestionReading, "intent" | "names" | "time" | "residue">;
  catalogue: { pipelines: number; techs: number; environments: number };
  /** Kinds of failure by nearness to the question: fused score, cosine, BM25. */
  errors: { signature: string; score: number; vector: number | null; lexical: number }[];
  /** Records that were found by meaning, with their cosines. */
  retrieved: { id: string; score: number }[];
};

/**
 * Plans a question, computes its facts, finds its evidence and words the answer.
 * Without the vector store the facts are answered alone and `degraded` says so.
 * @throws AppError `upstream_unavailable` when the runs cannot be read, `invalid_input` for filters that cannot be applied; the signal's
 * reason once it has aborted.
 */
export async function answerQuestion(
  deps: AnswerDeps,
  asked: Question,
  signal: AbortSignal,
  asker: Asker = anyone,
): Promise<QuestionAnswer> {
  // Whole, and before it is taken apart: a password is known by the address around it, and records hold placeholders too.
  const question = { ...asked, query: redact(asked.query) };
  const { query, top_k: limit, conversation_id: conversationId = deps.newId(), debug } = question;
  const started = performance.now();
  const now = deps.now();
  const sources = sourcesFor(deps.sources, asker);
  const early = readEarlyDoubts(deps, sources, signal); // before the runs are read
  early.catch(() => undefined); // whoever gets as far as the coverage meets it
  const allowed = (await deps.runs.snapshot(signal)).limitedTo({ sources: asker.sources });
  const [catalogue, previous] = await Promise.all([
    allowed.catalogue(signal),
    question.conversation_id === undefined ? undefined : recallPlan(deps, asker, conversationId, now, signal),
  ]);
  const filters = resolveFilters(question.filters, catalogue);
  const runs = allowed.limitedTo(limitsOf(filters));
  const picked = await planPicked(previous, query, { runs, zone: deps.zone, now, signal });
  const { plan: asPlanned, continued } = picked
    ? { plan: picked, continued: true }
    : makePlan(deps, question, { previous, catalogue, filters, now });
  const plan = await widenEmptyWindow(await settleSought(asPlanned, runs, signal), runs, signal);
  const planned = performance.now();
  const resolved = describePlan(plan, deps.zone);
  deps.onStage?.({ stage: "plan", data: { plan: { ...plan, zone: deps.zone }, filters, resolved, continued } });
  const answerable = plan.operation !== "help" && !isBlocked(plan);
  const window = { from: plan.window?.from ?? null, to: plan.window?.to ?? now };
  const doubted = async () =>
    await collectDoubts(
      await early,
      { sources, runs: allowed, window, within: scopeOf(plan, plan.window), zone: deps.zone, now, gaps: deps.gaps },
      signal,
    );
  const [counted, found, examples, doubts] = await Promise.all([
    answerable ? collectFacts(plan, { runs, zone: deps.zone, now, signal }) : undefined,
    answerable ? findRuns(deps, { question, plan, limit, asker }, signal) : { contexts: [], degraded: false },
    answerable && plan.operation !== "missing" && !plan.without
      ? runs.latestRuns({ ...scopeOf(plan, plan.window), statuses: plan.filters.statuses }, lookedAt(limit), signal)
      : [],
    doubted(),
  ]);
  const factsDone = performance.now();
  const nearest = counted && soughtText(plan, counted, query);
  const evidence =
    nearest === undefined
      ? undefined
      : await collectEvidence(
          { runs, evidence: found.degraded ? lostEvidence : deps.evidence, zone: deps.zone, log: deps.log },
          nearest,
          evidenceScope(plan),
          signal,
        );
  const degraded = found.degraded || evidence?.degraded === true;
  const facts = counted && (evidence ? { ...counted, nearest: evidence.errors } : counted);
  const evidenceMs = performance.now() - factsDone;
  deps.onStage?.({ stage: "facts", data: { facts: facts ?? null } });
  const contexts = facts
    ? withRuns(facts, { near: evidence?.latest ?? [], found: found.contexts, counted: examples }, limit)
    : found.contexts;
  deps.onStage?.({ stage: "evidence", data: { contexts } });
  const coverage = coverageOf(facts?.dataUntil ?? null, doubts, await early);
  const wordingStarted = performance.now();
  const { text: worded, wording } = await writeAnswer(
    { chat: deps.chat, log: deps.log },
    { plan, facts, contexts, catalogue, zone: deps.zone, now, doubts, evidenceLost: degraded },
    continued ? resolved : query,
    signal,
  );
  const answer = continued ? `${plan.language === "fr" ? "Question comprise\u202F:" : "Understood as:"} ${resolved}.\n${worded}` : worded;
  const end = performance.now();
  const result: QuestionAnswer = {
    answer,
    contexts,
    timestamp: now.toISOString(),
    language: plan.language,
    conversation_id: conversationId,
    resolved,
    continued,
    plan: { ...plan, zone: deps.zone },
    filters,
    facts: facts ?? null,
    citations: [...new Set([...withoutNames(answer).matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number)))].flatMap((n) => {
      const context = contexts[n - 1];
      return context ? [{ n, id: context.meta.id }] : [];
    }),
    coverage,
    wording,
    timings: {
      plan: round(planned - started),
      facts: round(factsDone - planned),
      evidence: round(evidenceMs),
      wording: round(end - wordingStarted),
      total: round(end - started),
    },
    degraded,
    ...(debug && !isTooLong(query) && { debug: explainAnswer(deps, question, catalogue, { facts, contexts: found.contexts }) }),
  };
  await Promise.all([
    // A question that was not understood leaves the conversation where it stood.
    rememberTurn(deps, asker, query, { result, plan: answerable || !previous ? plan : previous }),
    logQuestion(deps, asker, query, result),
  ]);
  return result;
}

/** An index that did not answer is not waited for twice. */
const lostEvidence: Pick<EvidenceIndex, "nearSignatures"> = {
  nearSignatures: () => Promise.reject(new AppError("upstream_unavailable", "the index did not answer")),
};

/** The plan of a question that may continue the one before it, within the filters. */
function makePlan(
  { zone }: AnswerDeps,
  { query, language }: Question,
  { previous, catalogue, filters, now }: { previous: Plan | undefined; catalogue: Catalogue; filters: QuestionFilters; now: Date },
): { plan: Plan; continued: boolean } {
  const made = planFollowUp(previous, query, { now, zone, catalogue, ...(language && { language }) });
  return { ...made, plan: withinWindow(made.plan, filters, { zone, now }) };
}

function explainAnswer(
  { zone, now }: AnswerDeps,
  { query }: Question,
  catalogue: Catalogue,
  found: { facts: Facts | undefined; contexts: readonly Context[] },
): AnswerDebug {
  const { intent, names, time, residue } = readQuestion(query, { now: now(), zone, catalogue });
  return {
    reading: { intent, names, time, residue },
    catalogue: {
      pipelines: catalogue.pipelines.length,
      techs: catalogue.techs.length,
      environments: catalogue.environments?.length ?? 0,
    },
    errors: (found.facts?.nearest ?? []).map(({ signature, score, vector, lexical }) => ({ signature, score, vector, lexical })),
    retrieved: found.contexts.map(({ meta, score }) => ({ id: meta.id, score })),
  };
}

/** A pipeline may be called `orders [2]`: what stands between backticks cites nothing. */
const withoutNames = (answer: string): string => answer.replace(/`[^`\n]*`/g, " ");

const round = (ms: number): number => Math.round(ms * 10) / 10;

/** A time that was not understood, an owner, by whom nothing is counted, or a name that is not in the data and nothing of its kind that is: any figure would answer another question. */
function isBlocked({ unresolved, filters }: Plan): boolean {
  return unresolved.some(({ kind, text }) => {
    if (kind === "time" || kind === "owner" || kind === "quotation" || kind === "uncomputed" || kind === "several") return true;
    // "erreurs Oracle": no techno of the data, and sought in the text of the errors.
    if (kind === "tech") return filters.techs.length === 0 && !isTextOfTool(text, filters.signatureText);
    if (kind === "environment") return filters.environments.length === 0;
    return (kind === "pipeline" || kind === "name") && filters.pipelines.length + filters.techs.length + filters.environments.length === 0;
  });
}
