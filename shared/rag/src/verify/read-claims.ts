import type { Language } from "@flow-rag/contracts";
import type { NameKind } from "./grounds.js";
import * as lexicon from "./lexicon.js";
import type { Token } from "./tokens.js";

/** What a claim is about: a name, a quoted error (`"…"`), a day (`@05-05`), or null: everything that was asked. */
export type Subject = string | null;

/**
 * One thing that a text says. `kinds` are the readings that its words allow, such as `failures` or `percent:failed`; `value` is a number,
 * or a word for what is no number. `subjects` are the ones it can be about, the likeliest first.
 */
export type Claim = {
  readonly subjects: readonly Subject[];
  readonly kinds: readonly string[];
  readonly value: number | string;
  readonly sort: "number" | "date" | "polarity" | "claim";
  /** As a reader would point at it. */
  readonly said: string;
};

export type Sentence = {
  readonly tokens: readonly Token[];
  readonly claims: readonly Claim[];
  readonly cites: readonly number[];
  readonly quotes: readonly string[];
  readonly names: readonly { readonly name: string; readonly kind: NameKind }[];
  /** Names that are said to belong together: `orders-daily (Spark)`. */
  readonly pairs: readonly (readonly [string, string])[];
};

type Options = {
  readonly language: Language;
  /** True when figures are given by the day: a day is then what they are about. */
  readonly byTime: boolean;
  /** What a number without a noun counts, if nothing before it says so: the kind of the figure that was asked for. */
  readonly asked: readonly string[];
  /** The quotation that a quoted text is a part of. */
  readonly quoteOf: (text: string) => string;
};

const rankOf: Record<NameKind, number> = { pipeline: 0, tech: 1, environment: 2 };

/** The sentences of a text and what each claims. What is true is read by the same rules as what is to be verified. */
export function readSentences(tokens: readonly Token[], options: Options): Sentence[] {
  const sentences: Sentence[] = [];
  let current: Token[] = [];
  let line: Subject = null;
  for (const token of tokens) {
    if (token.is !== "end") {
      current.push(token);
      continue;
    }
    if (current.some(({ is }) => is !== "cite")) {
      const { sentence, subject } = readSentence(current, line, options);
      sentences.push(sentence);
      line = subject ?? line;
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

type Segment = { readonly tokens: Token[]; readonly depth: number; readonly opening: string };

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

function readSentence(tokens: readonly Token[], line: Subject, options: Options): { sentence: Sentence; subject: Subject } {
  const { language } = options;
  const claims: Claim[] = [];
  const pairs: [string, string][] = [];
  const state = {
    carry: null as Subject,
    noun: undefined as readonly string[] | undefined,
    outcome: undefined as string | undefined,
    outer: null as Subject,
  };
  const first = tokens.find((token) => token.is === "word");
  const goesOn = first?.is === "word" && lexicon.pronouns[language].has(first.text);
  const segments = segmentsOf(tokens, language);
  let depth = 0;
  for (const [index, segment] of segments.entries()) {
    if (segment.depth > depth) state.outer = state.carry;
    if (segment.depth < depth) state.carry = state.outer;
    depth = segment.depth;
    const own = subjectsOf(segment, options);
    const names = segment.tokens.filter((token) => token.is === "name");
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
    claims.push(...claimsOf(segment, subjects, state, options, claims.length));
    if (main !== undefined && !carried) state.carry = main;
  }
  const sentence: Sentence = {
    tokens,
    claims,
    pairs,
    cites: tokens.flatMap((token) => (token.is === "cite" ? [token.n] : [])),
    quotes: tokens.flatMap((token) => (token.is === "quote" ? [token.text] : [])),
    names: tokens.flatMap((token) => (token.is === "name" ? [{ name: token.name, kind: token.kind }] : [])),
  };
  return { sentence, subject: state.carry };
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
function subjectsOf({ tokens }: Segment, { byTime, quoteOf }: Options): string[] {
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
  return days.length === 1 ? [`@${days[0]}${clock ? ` ${clock.minute}` : ""}`] : [];
}

/** What a part without a name can be about. A figure of everything has to be said as one once a name has been said. */
function candidates(
  segment: Segment,
  carry: Subject,
  line: Subject,
  later: boolean,
  next: Segment | undefined,
  options: Options,
): Subject[] {
  const { language } = options;
  const total = segment.tokens.some((token) => token.is === "word" && lexicon.totals[language].has(token.text));
  if (carry !== null) return total ? [null] : [carry];
  if (total) return [null];
  const [following] = next && /^(?:avec|with)$/.test(segment.opening) ? subjectsOf(next, options) : [];
  return [null, ...(following === undefined ? [] : [following]), ...(later && line !== null ? [line] : [])];
}

type State = { noun: readonly string[] | undefined; outcome: string | undefined };

function claimsOf(
  { tokens, opening, depth }: Segment,
  subjects: readonly Subject[][],
  state: State,
  options: Options,
  before: number,
): Claim[] {
  const { language } = options;
  const claims: Claim[] = [];
  const add = (sort: Claim["sort"], kinds: readonly string[], value: number | string, said: string) => {
    for (const each of subjects) {
      // "les 3 technos touchées sont Spark, …": the number is not Spark's
      const [name] = tokens.filter((token) => token.is === "name");
      const counts = name !== undefined && kinds.includes(`${name.kind}s`);
      claims.push({ subjects: counts ? [null] : each, kinds, value, sort, said });
    }
  };
  const words = tokens.map((token) => (token.is === "word" ? token.text : ""));
  const outcome =
    words.map((word) => lexicon.outcomeOf(language, word)).find((found) => found !== undefined) ?? inProgress(words, language);
  const isNegated =
    (words.some((word) => lexicon.negations[language].has(word)) || lexicon.negations[language].has(opening) || ne(words, language)) &&
    !rate(words);
  const measure = words.map((word) => lexicon.measures[language][word]).find((found) => found !== undefined);
  const other = lexicon.before[language].has(opening) ? "before:" : "";
  const loose = looseOutcome(tokens, words, language);
  let counted = false;
  for (const [index, token] of tokens.entries()) {
    if (token.is === "word") {
      const kinds = lexicon.countKinds(language, token.text);
      if (kinds && !kinds.includes("others")) state.noun = kinds;
    }
    if (token.is === "number") {
      if (token.spelled && token.value === 1 && isArticle(tokens, index, language)) continue;
      counted = true;
      const said = saidAt(tokens, index);
      if (token.form === "percent")
        add(
          "number",
          [`${other}percent:${polarOf(outcome) ?? state.outcome ?? "any"}`, ...(outcome ? [] : [`${other}percent:any`])],
          token.value,
          said,
        );
      else if (token.form === "ratio") add("number", ["ratio"], token.value, said);
      else if (token.form === "signed") add("number", ["delta"], token.value, said);
      else
        add(
          "number",
          countsOf(tokens, index, {
            language,
            asked: options.asked,
            outcome: loose,
            state,
            other,
            bare: depth > 0 && before + claims.length > 0,
          }),
          token.value,
          said,
        );
    } else if (token.is === "duration") {
      counted = true;
      add(
        "number",
        [`duration:${measure ?? "any"}`, ...(token.clock === null ? [] : [`clock:${token.clock}`])],
        token.ms,
        saidAt(tokens, index),
      );
    } else if (token.is === "date") add("date", ["day"], `${token.day}|${token.year ?? ""}|${token.weekday ?? ""}`, "");
    else if (token.is === "clock") add("date", ["clock"], token.minute, "");
    else if (token.is === "period") add("date", ["period"], token.key, token.key);
    else if (token.is === "word") {
      const direction = lexicon.directionOf(language, token.text);
      if (direction !== undefined && !isComparison(words, index, language)) add("claim", ["direction"], direction, token.raw);
      if (lexicon.superlatives[language].has(token.text) || isMost(words, index, language)) add("claim", ["most"], "most", token.raw);
    }
  }
  if (outcome !== undefined) state.outcome = polarOf(outcome);
  if (outcome !== undefined && !rate(words)) {
    if (isNegated) add("polarity", [`none:${outcome}`], 0, words.join(" ").trim());
    else if (!counted) add("polarity", [`some:${outcome}`], 1, words.join(" ").trim());
  } else if (isNegated && !counted) {
    const noun = words.map((word) => lexicon.countKinds(language, word)).find((kinds) => kinds !== undefined);
    add("polarity", noun ? noun.map((kind) => `none:${kind}`) : ["none:any"], 0, words.join(" ").trim());
  }
  return claims;
}

/** How runs ended, unless that is a noun with a number of its own: in "67 runs had 8 failures" the runs are all runs. */
function looseOutcome(tokens: readonly Token[], words: readonly string[], language: Language): string | undefined {
  const found = words.findIndex(
    (word, index) =>
      lexicon.outcomeOf(language, word) !== undefined &&
      !(lexicon.countKinds(language, word) !== undefined && [1, 2].some((back) => tokens[index - back]?.is === "number")),
  );
  return found === -1 ? inProgress(words, language) : lexicon.outcomeOf(language, words[found] ?? "");
}

const polarOf = (outcome: string | undefined): string | undefined => outcome;
const rate = (words: readonly string[]): boolean => words.includes("taux") || words.includes("rate") || words.includes("rates");
const ne = (words: readonly string[], language: Language): boolean =>
  language === "fr" &&
  (words.includes("ne") || words.includes("n")) &&
  (words.includes("pas") || words.includes("point") || words.includes("plus"));
const inProgress = (words: readonly string[], language: Language): string | undefined =>
  (language === "fr" ? /\ben cours\b/ : /\b(?:in progress|running)\b/).test(words.join(" ")) ? "running" : undefined;

/** "un" and "une" count only what is counted: "un échec", not "un taux". */
function isArticle(tokens: readonly Token[], index: number, language: Language): boolean {
  const next = tokens[index + 1];
  if (language === "en") return next?.is !== "word" || lexicon.countKinds(language, next.text) === undefined;
  return next?.is !== "word" || (lexicon.countKinds(language, next.text) ?? ["others"]).includes("others");
}

const isMost = (words: readonly string[], index: number, language: Language): boolean =>
  language === "fr" && words[index] === "plus" && /^(?:le|la|les)$/.test(words[index - 1] ?? "");
/** "le plus", "et plus", "more" after a number are no directions. */
const isComparison = (words: readonly string[], index: number, language: Language): boolean =>
  (language === "en" && words[index] === "more" && words[index + 1] !== "failures") || (words[index] === "up" && words[index + 1] === "to");

const saidAt = (tokens: readonly Token[], index: number): string =>
  tokens
    .slice(index, index + 3)
    .map((token) =>
      token.is === "number"
        ? String(token.value)
        : token.is === "duration"
          ? `${token.ms / 1_000} s`
          : token.is === "word"
            ? token.raw
            : "",
    )
    .join(" ")
    .trim();

type Around = { language: Language; asked: readonly string[]; outcome: string | undefined; state: State; other: string; bare: boolean };

/** What a number counts: the noun behind it, else what the sentence counted last. */
function countsOf(tokens: readonly Token[], index: number, { language, asked, outcome, state, other, bare }: Around): string[] {
  const previous = tokens[index - 1];
  const isWhole =
    previous?.is === "word" && lexicon.wholes[language].has(previous.text) && tokens.slice(0, index).some(({ is }) => is === "number");
  let noun: readonly string[] | undefined;
  let adjective = "";
  for (let next = index + 1; next < Math.min(tokens.length, index + 5); next += 1) {
    const token = tokens[next];
    if (token?.is !== "word") break;
    const kinds = lexicon.countKinds(language, token.text);
    if (kinds) {
      noun = kinds;
      const after = tokens[next + 1];
      const beside = [tokens[next - 1], after].flatMap((each) => (each?.is === "word" ? [each.text] : []));
      adjective = beside.find((word) => /^(?:differente?s?|distincte?s?|different|distinct)$/.test(word)) ?? "";
      break;
    }
    if (lexicon.wholes[language].has(token.text) || lexicon.outcomeOf(language, token.text) !== undefined) break;
  }
  if (noun?.includes("signatures")) noun = adjective === "" ? ["failures"] : ["signatures"];
  if (noun !== undefined) {
    state.noun = noun;
    if (noun.includes("runs") && outcome !== undefined && !isWhole) return [`${other}${countOfOutcome(outcome)}`];
    const kinds = noun.map((kind) => `${other}${kind === "warning" ? "status:warning" : kind}`);
    const ended = outcome ?? state.outcome;
    return noun.includes("times") && ended !== undefined ? [...kinds, `${other}${countOfOutcome(ended)}`] : kinds;
  }
  if (isWhole) return [`${other}runs`, ...(state.noun ?? []).map((kind) => `${other}${kind}`)];
  if (outcome !== undefined) return [`${other}${countOfOutcome(outcome)}`];
  const inherited = (state.noun ?? []).map((kind) => `${other}${kind}`);
  return bare ? ["bare", ...inherited, ...asked] : [...inherited, "bare", ...asked];
}

const countOfOutcome = (outcome: string): string =>
  outcome === "failed" ? "failures" : outcome === "success" ? "success" : `status:${outcome}`;
