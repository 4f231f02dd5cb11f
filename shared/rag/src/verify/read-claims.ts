import type { Language } from "@flow-rag/contracts";
import type { Claim, ReadOptions, Segment, Sentence, Subject } from "./claims.js";
import type { NameKind } from "./grounds.js";
import * as lexicon from "./lexicon.js";
import { claimsOf, momentsOf } from "./segment-claims.js";
import type { Token } from "./tokens.js";

const rankOf: Record<NameKind, number> = { pipeline: 0, tech: 1, environment: 2 };

/** The sentences of a text and what each claims. What is true is read by the same rules as what is to be verified. */
export function readSentences(tokens: readonly Token[], options: ReadOptions): Sentence[] {
  const sentences: Sentence[] = [];
  let current: Token[] = [];
  let line: Subject = null;
  let heading: string | undefined;
  for (const token of tokens) {
    if (token.is !== "end") {
      current.push(token);
      continue;
    }
    if (current.some(({ is }) => is !== "cite")) {
      const { sentence, subject } = readSentence(current, line, { ...options, heading: isHeading(current) ? undefined : heading });
      sentences.push(sentence);
      line = subject ?? line;
      if (isHeading(current)) heading = measureOf(current, options.language);
    } else if (sentences.length > 0 && current.length > 0) {
      // "… code 137. [1]": what follows a full stop belongs to the sentence before it.
      const last = sentences[sentences.length - 1] as Sentence;
      sentences[sentences.length - 1] = {
        ...last,
        cites: [...last.cites, ...current.flatMap((each) => (each.is === "cite" ? [each.n] : []))],
      };
    }
    current = [];
    if (token.of === "line") line = null;
  }
  return sentences;
}

/** "p95 par jour (exécutions) :", which holds no figure and ends with a colon. */
const isHeading = (tokens: readonly Token[]): boolean => {
  const last = tokens.at(-1);
  return last?.is === "mark" && last.text === ":" && !tokens.some(({ is }) => is === "number" || is === "duration");
};
const measureOf = (tokens: readonly Token[], language: Language): string | undefined =>
  tokens
    .map((token) => (token.is === "word" ? lexicon.measures[language].get(token.text) : undefined))
    .find((measure) => measure !== undefined);

/** "Déjà vu : 14 fois", "Seen before: 14 times". */
const tellsBefore = (tokens: readonly Token[]): boolean => {
  const words = tokens.flatMap((token) => (token.is === "word" ? [token.text] : []));
  return words.some((word, index) => (word === "deja" && words[index + 1] === "vu") || (word === "seen" && words[index + 1] === "before"));
};

function segmentsOf(tokens: readonly Token[], language: Language): Segment[] {
  const segments: Segment[] = [];
  let depth = 0;
  let current: Segment = { tokens: [], depth, opening: "" };
  const next = (opening: string) => {
    if (current.tokens.length > 0) segments.push(current);
    current = { tokens: [], depth, opening };
  };
  for (const token of tokens) {
    if (token.is === "mark" && /[,;:()→·–—]/.test(token.text)) {
      if (token.text === "(") depth += 1;
      if (token.text === ")") depth = Math.max(0, depth - 1);
      next(token.text);
    } else if (token.is === "word" && lexicon.joints[language].has(token.text)) next(token.text);
    else current.tokens.push(token);
  }
  next("");
  return segments;
}

function readSentence(
  tokens: readonly Token[],
  line: Subject,
  options: ReadOptions & { readonly heading: string | undefined },
): { sentence: Sentence; subject: Subject } {
  const { language } = options;
  const claims: Claim[] = [];
  const pairs: [string, string][] = [];
  const state = {
    carry: null as Subject,
    noun: undefined as readonly string[] | undefined,
    outcome: undefined as string | undefined,
    outer: null as Subject,
    heading: options.heading,
    seenBefore: tellsBefore(tokens),
  };
  const first = tokens.find((token) => token.is === "word");
  const goesOn = first?.is === "word" && lexicon.pronouns[language].has(first.text);
  const segments = segmentsOf(tokens, language);
  const moments = segments.map(momentsOf);
  let depth = 0;
  let excepting = false;
  const excepted = new Set<string>();
  for (const [index, segment] of segments.entries()) {
    if (segment.depth > depth) state.outer = state.carry;
    if (segment.depth < depth) state.carry = state.outer;
    depth = segment.depth;
    if (segment.tokens.some((token) => token.is === "word" && lexicon.exceptions[language].has(token.text))) excepting = true;
    else if (segment.opening === ":") excepting = false;
    const own = excepting ? [] : subjectsOf(segment, options);
    const names = segment.tokens.filter((token) => token.is === "name");
    if (excepting) for (const { name } of names) excepted.add(name);
    const outside = state.carry !== null && segment.depth > 0;
    const [main, ...rest] = own;
    const carried =
      outside &&
      main !== undefined &&
      names.length > 0 &&
      names[0]?.kind !== kindOfSubject(tokens, state.carry) &&
      !figureInside(segments, index);
    if (carried && state.carry !== null) for (const { name } of names) pairs.push([state.carry, name]);
    for (const { name, kind } of names)
      if (main !== undefined && name !== main && kind !== names.find((each) => each.name === main)?.kind) pairs.push([main, name]);
    const subjects: Subject[][] =
      own.length > 0 && !carried
        ? [main as Subject, ...rest].map((subject) => [subject])
        : [candidates(segment, state.carry, line, goesOn || index > 0, segments[index + 1], options)];
    const near = nearest(moments, index);
    claims.push(
      ...claimsOf(segment, subjects, state, options).map((claim) =>
        near && claim.kinds[0]?.startsWith("duration:") ? { ...claim, moments: near } : claim,
      ),
    );
    if (main !== undefined && !carried) state.carry = main;
  }
  if (options.listedAs !== undefined) {
    const negated = claims.some(({ kinds }) => kinds[0]?.startsWith("none:"));
    const ended = state.outcome ?? options.listedAs;
    const spoken = new Set(
      claims
        .filter(
          ({ sort, kinds }) => sort !== "date" && !(options.proving && /^(?:pipelines|techs|environments|runs)$/.test(kinds[0] ?? "")),
        )
        .flatMap(({ subjects }) => subjects.slice(0, 1)),
    );
    const attributes = new Set([...excepted, ...pairs.map(([, name]) => name)]);
    for (const token of tokens)
      if (token.is === "name" && !spoken.has(token.name) && !attributes.has(token.name))
        claims.push({
          subjects: [token.name],
          kinds: listedKinds(ended, negated, options.proving),
          value: 1,
          sort: "polarity",
          said: token.name,
        });
  }
  const sentence: Sentence = {
    about: line,
    tokens,
    claims,
    pairs,
    cites: tokens.flatMap((token) => (token.is === "cite" ? [token.n] : [])),
    quotes: tokens.flatMap((token) => (token.is === "quote" ? [token.text] : [])),
    names: tokens.flatMap((token) => (token.is === "name" ? [{ name: token.name, kind: token.kind }] : [])),
  };
  return { sentence, subject: state.carry };
}

/** The moments of the part that is nearest to one, itself first, then the one before it. */
function nearest(moments: readonly (readonly string[])[], index: number): readonly string[] | undefined {
  const byDistance = moments.map((_, at) => at).sort((a, b) => Math.abs(a - index) - Math.abs(b - index) || a - b);
  return byDistance.map((at) => moments[at] ?? []).find(({ length }) => length > 0);
}

/** Whether a figure stands in the same brackets, from a part on. */
function figureInside(segments: readonly Segment[], index: number): boolean {
  const end = segments.findIndex(({ depth }, position) => position > index && depth === 0);
  return segments
    .slice(index, end === -1 ? undefined : end)
    .some(({ tokens }) => tokens.some(({ is }) => is === "number" || is === "duration"));
}

const kindOfSubject = (tokens: readonly Token[], subject: Subject): NameKind | undefined =>
  tokens.flatMap((token) => (token.is === "name" && token.name === subject ? [token.kind] : []))[0];

/** What a part of a sentence names itself: the most specific names, else a quoted error, else a day where figures are by the day. */
function subjectsOf({ tokens }: Segment, { byTime, byHour, quoteOf }: ReadOptions): string[] {
  const names = tokens.filter((token) => token.is === "name");
  if (names.length > 0) {
    const most = Math.min(...names.map(({ kind }) => rankOf[kind]));
    return [...new Set(names.filter(({ kind }) => rankOf[kind] === most).map(({ name }) => name))];
  }
  const quote = tokens.find((token) => token.is === "quote");
  if (quote) return [`"${quoteOf(quote.text)}"`];
  if (!byTime) return [];
  const days = tokens.flatMap((token) =>
    token.is === "date" ? [token.day] : token.is === "period" && token.key.startsWith("month:") ? [token.key] : [],
  );
  const clock = tokens.find((token) => token.is === "clock");
  if (byHour && days.length === 0) return clock ? [`@ ${clock.minute}`] : [];
  return days.length === 1 ? [`@${days[0]}${clock ? ` ${clock.minute}` : ""}`] : [];
}

/** What a part without a name can be about. A figure of everything has to be said as one once a name has been said. */
function candidates(
  segment: Segment,
  carry: Subject,
  line: Subject,
  later: boolean,
  next: Segment | undefined,
  options: ReadOptions,
): Subject[] {
  const { language } = options;
  const total = segment.tokens.some((token) => token.is === "word" && lexicon.totals[language].has(token.text));
  if (carry !== null) return total ? [null] : [carry];
  if (total) return [null];
  const [following] = next && /^(?:avec|with)$/.test(segment.opening) ? subjectsOf(next, options) : [];
  return [null, ...(following === undefined ? [] : [following]), ...(later && line !== null ? [line] : [])];
}

/** A name that is only listed ended as its sentence says. What is true may list a name too, and that proves no more than another list. */
function listedKinds(ended: string, negated: boolean, proving: boolean): string[] {
  const listed = `${negated ? "listed-none" : "listed"}:${ended}`;
  return proving ? [listed] : [`${negated ? "none" : "some"}:${ended}`, listed];
}
