import type { Mixture } from "@flow-rag/models";
import MiniSearch from "minisearch";
import { identifierShare, searchTerms } from "./search-terms.js";

/** What a question may be about: an error, a page. */
export type Candidate = { readonly id: string; readonly text: string };
/** One cosine of a question with each view of a candidate that was looked at, by the candidate's id. */
export type ViewCosines = ReadonlyMap<string, readonly number[]>;
export type RankedText = {
  readonly id: string;
  /** In standard deviations over the candidates; of use for order only. */
  readonly score: number;
  /** Cosine of the index; null when it was not searched or did not answer. */
  readonly vector: number | null;
  /** BM25+ over the candidates; 0 without a common term. */
  readonly lexical: number;
};
/** What a question's words and vector say of one candidate, each also in standard deviations over the candidates. */
export type MeasuredText = Omit<RankedText, "score"> & { readonly ofWords: number; readonly ofVector: number };

/** So far above the average cosine, in standard deviations, is near in meaning without a common term. */
const nearDeviations = 2;
const enoughToCompare = 8;
/** A sense is common to many texts; the word itself says more. */
const senseWeight = 0.8;

/** The texts that a question is about, the nearest first. Without the index (`near` undefined) the words rank alone. */
export function rankTexts(
  question: string,
  candidates: readonly Candidate[],
  near: { readonly cosines: ReadonlyMap<string, number>; readonly mixture: Mixture } | undefined,
): RankedText[] {
  const measured = measureTexts(question, candidates, near?.cosines ?? new Map());
  return mixMeasures(question, measured, near?.mixture ?? { words: 1, identifiers: 1 });
}

/** A text that the index did not find among others that it found is as far as the farthest of them. */
export function measureTexts(question: string, candidates: readonly Candidate[], cosines: ReadonlyMap<string, number>): MeasuredText[] {
  const lexical = wordScores(question, candidates);
  const farthest = cosines.size === 0 ? 0 : Math.min(...cosines.values());
  const words = candidates.map(({ id }) => lexical.get(id) ?? 0);
  const vectors = candidates.map(({ id }) => cosines.get(id) ?? farthest);
  const [ofWords, ofVectors] = [standardise(words), standardise(vectors)];
  return candidates.map(({ id }, index) => ({
    id,
    vector: cosines.get(id) ?? null,
    lexical: words[index] ?? 0,
    ofWords: ofWords[index] ?? 0,
    ofVector: ofVectors[index] ?? 0,
  }));
}

/**
 * Words and vector in the embedder's mixture, both scaled over the candidates of the one question: raw cosines of E5 lie between .75 and .9.
 * Source of the scaling: standard scores before fusion, Lee 1995; weights by `npm run eval -- meaning`.
 */
export function mixMeasures(question: string, measured: readonly MeasuredText[], { words, identifiers }: Mixture): RankedText[] {
  const weight = words + (identifiers - words) * identifierShare(question);
  const tellsApart = measured.filter(({ vector }) => vector !== null).length >= enoughToCompare;
  return measured
    .filter(({ vector, lexical, ofVector }) => lexical > 0 || (tellsApart && vector !== null && ofVector >= nearDeviations))
    .map(({ id, vector, lexical, ofWords, ofVector }) => ({ id, vector, lexical, score: ofVector + weight * ofWords }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

/** One cosine a candidate from those with its views: their mean. The best of them ranks no better. */
export const joinViews = (views: ViewCosines): Map<string, number> => new Map([...views].map(([id, all]) => [id, mean(all)]));

function wordScores(question: string, candidates: readonly Candidate[]): Map<string, number> {
  const index = new MiniSearch<Candidate>({
    fields: ["text"],
    tokenize: (text) => [...searchTerms(text)],
    processTerm: (term) => term,
  });
  index.addAll(candidates);
  const found = index.search(question, {
    combineWith: "OR",
    tokenize: (text) => [...new Set(searchTerms(text))],
    boostTerm: (term) => (term.startsWith("#") ? senseWeight : 1),
  });
  return new Map(found.map(({ id, score }) => [String(id), score]));
}

/** Deviations from the mean, in standard deviations; zeros where all are alike. */
function standardise(values: readonly number[]): number[] {
  const middle = mean(values);
  const deviation = Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
  return values.map((value) => (deviation < 1e-12 ? 0 : (value - middle) / deviation));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
