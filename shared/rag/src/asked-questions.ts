import { redact } from "@flow-rag/kernel";
import type { QueryLogEntry, QueryLogStore } from "@flow-rag/stores";
import { foldText } from "./fold-text.js";

/**
 * What became of a question. `refused`: a time or a name in it could not be understood, and any figure would have answered another
 * question; `help`: nothing that is asked for was found in it; `too_long`: it was not read.
 */
export const questionOutcomes = ["answered", "refused", "help", "too_long"] as const;
export type QuestionOutcome = (typeof questionOutcomes)[number];
/** Whose words the answers were in: the model's with every check held, the template's after its text was rejected, the template's at once. */
export type WordedBy = "model" | "rejected" | "template";

/** A part that was not understood: `word: zorglub`. */
export type NotUnderstood = { readonly kind: string; readonly text: string; readonly times: number };
export type AskedQuestion = {
  /** As it was asked last, without secrets. */
  readonly question: string;
  readonly times: number;
  readonly askers: number;
  readonly lastAt: Date;
  readonly outcomes: Readonly<Record<QuestionOutcome, number>>;
  readonly worded: Readonly<Record<WordedBy, number>>;
  /** The most frequent first, 10 at most. */
  readonly notUnderstood: readonly NotUnderstood[];
};
export type AskedQuestions = {
  readonly from: Date;
  readonly to: Date;
  /** Questions asked and how many different ones. */
  readonly asked: number;
  readonly different: number;
  readonly askers: number;
  readonly outcomes: Readonly<Record<QuestionOutcome, number>>;
  /** Over all questions, the most frequent first, 50 at most. */
  readonly notUnderstood: readonly NotUnderstood[];
  /** False when more was asked than is looked at: the latest `mostEntries`. */
  readonly complete: boolean;
  readonly questions: readonly AskedQuestion[];
};
export type AskedRequest = {
  readonly days: number;
  /** Questions that are listed; all are counted. */
  readonly limit: number;
  /** Only what was asked by those who may know of no other sources; null or left out for all. */
  readonly sources?: readonly string[] | null | undefined;
};

const dayMs = 86_400_000;
const mostEntries = 20_000;

/** What was asked in the last days of 24 hours, the most frequent first; texts that differ in case, accents, spaces or the mark at their end are one. */
export async function listAskedQuestions(
  { queryLog, now }: { queryLog: Pick<QueryLogStore, "latest">; now: () => Date },
  { days, limit, sources }: AskedRequest,
  signal: AbortSignal,
): Promise<AskedQuestions> {
  const to = now();
  const from = new Date(to.getTime() - days * dayMs);
  const found = await queryLog.latest({ limit: mostEntries + 1, now: to, from, sources }, signal);
  const entries = found.slice(0, mostEntries);
  const questions = [...groupsOf(entries).values()].map(describeGroup);
  questions.sort((a, b) => b.times - a.times || b.lastAt.getTime() - a.lastAt.getTime());
  return {
    from,
    to,
    asked: entries.length,
    different: questions.length,
    askers: askersOf(entries),
    outcomes: count(questionOutcomes, entries.map(outcomeOf)),
    notUnderstood: notUnderstoodIn(entries, 50),
    complete: found.length <= mostEntries,
    questions: questions.slice(0, limit),
  };
}

function groupsOf(entries: readonly QueryLogEntry[]): Map<string, QueryLogEntry[]> {
  const groups = new Map<string, QueryLogEntry[]>();
  for (const entry of entries) {
    const key = keyOf(entry.question);
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return groups;
}

/** `>` and `<` stay: questions with other bounds are other questions. */
function keyOf(question: string): string {
  const folded = foldText(question).replace(/\s+/g, " ").trim();
  return folded.replace(/[\s?!.…]+$/, "") || folded;
}

/** Of entries of one question, the latest first. */
function describeGroup(entries: readonly QueryLogEntry[]): AskedQuestion {
  const [latest] = entries as [QueryLogEntry];
  return {
    question: shown(latest.question),
    times: entries.length,
    askers: askersOf(entries),
    lastAt: latest.at,
    outcomes: count(questionOutcomes, entries.map(outcomeOf)),
    worded: count(["model", "rejected", "template"], entries.map(wordedBy)),
    notUnderstood: notUnderstoodIn(entries, 10),
  };
}

/** Redacted anew: what is known to be a secret today may not have been when it was kept. On one line, as nothing that acts on a terminal. */
const shown = (text: string): string =>
  redact(text)
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .trim();

const askersOf = (entries: readonly QueryLogEntry[]): number => new Set(entries.map(({ owner }) => owner)).size;

function outcomeOf({ operation, counts, unresolved }: QueryLogEntry): QuestionOutcome {
  if (unresolved.some((part) => part.startsWith("length:"))) return "too_long";
  if (counts) return "answered";
  return operation === "help" ? "help" : "refused";
}

function wordedBy({ wording, wordingReason }: QueryLogEntry): WordedBy {
  if (wording === "llm") return "model";
  return wordingReason === "rejected" ? "rejected" : "template";
}

/** Parts are kept as `kind: text`. The beginning of a question that was not read is no part of it. */
function notUnderstoodIn(entries: readonly QueryLogEntry[], most: number): NotUnderstood[] {
  const parts = new Map<string, { kind: string; text: string; times: number }>();
  for (const part of entries.flatMap(({ unresolved }) => unresolved)) {
    const [, kind = "", text = ""] = /^([a-z]+): (.*)$/s.exec(part) ?? [];
    if (kind === "" || kind === "length") continue;
    const key = `${kind}: ${keyOf(text)}`;
    const known = parts.get(key) ?? { kind, text: shown(text), times: 0 };
    parts.set(key, { ...known, times: known.times + 1 });
  }
  return [...parts.values()].sort((a, b) => b.times - a.times || (a.text < b.text ? -1 : 1)).slice(0, most);
}

function count<Name extends string>(names: readonly Name[], found: readonly Name[]): Record<Name, number> {
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  for (const name of found) counts[name] += 1;
  return counts;
}
