import type { Language } from "@flow-rag/contracts";
import type { Claim, ReadOptions, Segment, Subject } from "./claims.js";
import * as lexicon from "./lexicon.js";
import type { Token } from "./tokens.js";

/** What a sentence counted and reported last. */
export type State = {
  noun: readonly string[] | undefined;
  outcome: string | undefined;
  /** The measure that a heading gives to the durations below it. */
  readonly heading: string | undefined;
  /** True where something is told that was before the period: "Déjà vu : 14 fois". */
  readonly seenBefore: boolean;
};

/** What one part of a sentence claims about its subjects. */
export function claimsOf({ tokens, opening }: Segment, subjects: readonly Subject[][], state: State, options: ReadOptions): Claim[] {
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
  const measure = words.map((word) => lexicon.measures[language].get(word)).find((found) => found !== undefined) ?? state.heading;
  const other = lexicon.before[language].has(opening) ? "before:" : "";
  const loose = looseOutcome(tokens, words, language);
  let counted = false;
  for (const [index, token] of tokens.entries()) {
    if (token.is === "word") {
      const kinds = lexicon.countKinds(language, token.text);
      const wholeOf = tokens[index - 2];
      const ofWhole = tokens[index - 1]?.is === "number" && wholeOf?.is === "word" && lexicon.wholes[language].has(wholeOf.text);
      if (kinds && !kinds.includes("others") && !ofWhole) state.noun = kinds;
    }
    if (token.is === "number") {
      if (token.spelled && token.value === 1 && isArticle(tokens, index, language)) continue;
      counted = true;
      const said = saidAt(tokens, index);
      if (token.form === "percent")
        add(
          "number",
          [`${other}percent:${outcome ?? state.outcome ?? "any"}`, ...(outcome ? [] : [`${other}percent:any`])],
          token.value,
          said,
        );
      else if (token.form === "ratio") add("number", ["ratio"], token.value, said);
      else if (isYearLike(tokens, index)) add("date", ["period"], `year:${token.value}`, said);
      else if (token.form === "signed")
        add(
          "number",
          (state.noun ?? ["any"]).map((kind) => `delta:${kind}`),
          token.value,
          said,
        );
      else
        add(
          "number",
          countsOf(tokens, index, {
            language,
            asked: options.asked,
            outcome: loose,
            negated: isNegated,
            listedAs: options.listedAs,
            proving: options.proving,
            state,
            other,
          }).map((kind) => (state.seenBefore ? `seen:${kind}` : kind)),
          token.value,
          said,
        );
    } else if (token.is === "duration") {
      counted = true;
      add(
        "number",
        [`duration:${rangeEnd(tokens, index) ?? measure ?? "any"}`, ...(token.clock === null ? [] : [`clock:${token.clock}`])],
        token.ms,
        saidAt(tokens, index),
      );
    } else if (token.is === "date" && clockAfter(tokens, index) !== undefined)
      add("date", ["moment"], `${token.day}|${token.year ?? ""}|${token.weekday ?? ""}|${clockAfter(tokens, index)}`, "");
    else if (token.is === "date") add("date", ["day"], `${token.day}|${token.year ?? ""}|${token.weekday ?? ""}`, "");
    else if (token.is === "clock") add("date", ["clock"], token.minute, "");
    else if (token.is === "period") add("date", ["period"], token.key, token.key);
    else if (token.is === "word") {
      const direction = lexicon.directionOf(language, token.text);
      if (direction !== undefined && !isComparison(words, index, language)) add("claim", ["direction"], direction, token.raw);
      if (lexicon.superlatives[language].has(token.text) || isMost(words, index, language)) add("claim", ["most"], "most", token.raw);
    }
  }
  if (outcome !== undefined) state.outcome = outcome;
  if (outcome !== undefined && !rate(words)) {
    const groups = isNegated && tokens.some((token, at) => token.is === "number" && groupNoun(tokens, at, language));
    // "34 pipelines sans échec" does not say that there was none.
    if (groups) add("polarity", [`without:${outcome}`], 0, words.join(" ").trim());
    else if (isNegated) add("polarity", [`none:${outcome}`], 0, words.join(" ").trim());
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

const groupNoun = (tokens: readonly Token[], index: number, language: Language): boolean =>
  tokens
    .slice(index + 1, index + 3)
    .some((token) => token.is === "word" && lexicon.countKinds(language, token.text)?.some(isGroup) === true);
const isGroup = (kind: string): boolean => /^(?:before:)?(?:pipelines|techs|environments|signatures|statuses|records|periods)$/.test(kind);

const rate = (words: readonly string[]): boolean => words.includes("taux") || words.includes("rate") || words.includes("rates");
const ne = (words: readonly string[], language: Language): boolean =>
  language === "fr" &&
  (words.includes("ne") || words.includes("n")) &&
  (words.includes("pas") || words.includes("point") || words.includes("plus"));
const inProgress = (words: readonly string[], language: Language): string | undefined => {
  const text = words.join(" ");
  if ((language === "fr" ? /\ben cours\b/ : /\b(?:in progress|running)\b/).test(text)) return "running";
  return (language === "fr" ? /\ben attente\b(?! d\b)/ : /\bwaiting\b(?! to be)/).test(text) ? "waiting" : undefined;
};

/** The dates of a part of a sentence that are said with a time of day. */
export const momentsOf = ({ tokens }: Segment): string[] => tokens.flatMap((_, index) => momentAt(tokens, index) ?? []);

function momentAt(tokens: readonly Token[], index: number): string | undefined {
  const token = tokens[index];
  const minute = clockAfter(tokens, index);
  return token?.is !== "date" || minute === undefined ? undefined : `${token.day}|${token.year ?? ""}|${token.weekday ?? ""}|${minute}`;
}

/** The time of day that a date is said with: "mar. 5 mai 06:30", "5 May at 06:30". */
function clockAfter(tokens: readonly Token[], index: number): number | undefined {
  const next = tokens[index + 1];
  const after = next?.is === "word" && /^(?:a|at|vers|de|from)$/.test(next.text) ? tokens[index + 2] : next;
  return after?.is === "clock" ? after.minute : after?.is === "duration" ? (after.clock ?? undefined) : undefined;
}

/** "en 12 :", "février 478 :": where a year stands, a number that is none. */
function isYearLike(tokens: readonly Token[], index: number): boolean {
  const [before, after] = [tokens[index - 1], tokens[index + 1]];
  if (before?.is === "period" && before.key.startsWith("month:")) return true;
  return before?.is === "word" && /^(?:en|in)$/.test(before.text) && after?.is !== "word";
}

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

/** "from 0 ms to 2 s", "de 0 ms à 2 s": the smallest and the largest, and no other measure. */
function rangeEnd(tokens: readonly Token[], index: number): "min" | "max" | undefined {
  const isWord = (at: number, pattern: RegExp): boolean => {
    const token = tokens[at];
    return token?.is === "word" && pattern.test(token.text);
  };
  const isRange = (first: number): boolean =>
    isWord(first - 1, /^(?:from|de|d)$/) && isWord(first + 1, /^(?:to|a)$/) && tokens[first + 2]?.is === "duration";
  if (isRange(index)) return "min";
  return tokens[index - 2]?.is === "duration" && isRange(index - 2) ? "max" : undefined;
}

type Around = {
  language: Language;
  asked: readonly string[];
  outcome: string | undefined;
  negated: boolean;
  listedAs: string | undefined;
  proving: boolean;
  state: State;
  other: string;
};

/** What a number counts: the noun behind it, else what the sentence counted last. */
function countsOf(
  tokens: readonly Token[],
  index: number,
  { language, asked, outcome, negated, listedAs, proving, state, other }: Around,
): string[] {
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
    if (isWhole) return wholeKinds(noun, other, proving);
    state.noun = noun;
    if (noun.includes("runs") && outcome !== undefined) return [`${other}${countOfOutcome(outcome)}`];
    const kinds = noun.map((kind) => `${other}${kind === "warning" ? "status:warning" : kind}`);
    // "8 pipelines ont réussi" counts the pipelines that did, unless it is what all the figures are about.
    if (outcome !== undefined && !negated && noun.some(isGroup))
      return [...noun.map((kind) => `${other}${kind}:${outcome}`), ...(outcome === listedAs ? kinds : [])];
    const ended = outcome ?? state.outcome;
    return noun.includes("times") && ended !== undefined ? [...kinds, `${other}${countOfOutcome(ended)}`] : kinds;
  }
  if (isWhole) return wholeKinds(state.noun?.some(isGroup) ? state.noun : ["runs"], other, proving);
  if (outcome !== undefined) return [`${other}${countOfOutcome(outcome)}`];
  const inherited = (state.noun ?? []).map((kind) => `${other}${kind}`);
  // "7 échecs sur Spark et 3 sur Talend"; but "2 pipelines : `a` (5)" counts what was asked for
  return inherited.length === 0 || inherited.some(isGroup) ? ["bare", ...asked] : inherited;
}

/** "41" in "4 pipelines sur 41": all that there are of it. That is a count too, but no count of all is one of some. */
const wholeKinds = (noun: readonly string[], other: string, proving: boolean): string[] =>
  noun.flatMap((kind) => [`${other}whole:${kind}`, ...(proving || !isGroup(kind) ? [`${other}${kind}`] : [])]);

const countOfOutcome = (outcome: string): string =>
  outcome === "failed" ? "failures" : outcome === "success" ? "success" : `status:${outcome}`;
