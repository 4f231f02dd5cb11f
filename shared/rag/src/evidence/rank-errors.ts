import MiniSearch from "minisearch";
import { errorTerms, holdsIdentifier } from "./error-terms.js";

/** One kind of failure of the runs in question: `text` is an error of theirs. */
export type ErrorText = { readonly signature: string; readonly text: string };
export type RankedError = {
  readonly signature: string;
  /** 0 to 1; of use for order only. */
  readonly score: number;
  /** Cosine of the index; null when it was not searched or did not answer. */
  readonly vector: number | null;
  /** BM25+ over the errors in question; 0 without a common term. */
  readonly lexical: number;
};

/**
 * Share of BM25 in the score, the rest being the cosine; more of it when the question holds an identifier. Measured by
 * `npm run eval -- evidence`; figures in docs/decisions/2026-11-21-evidence-by-signature.md.
 */
const lexicalWeight = { words: 0.6, identifier: 0.85 };
/** So far above the average cosine, in standard deviations, is near in meaning without a common term. */
const nearDeviations = 2;
const enoughToCompare = 8;

/** The errors that a question is about, the nearest first: lexical and vector, each scaled to the best of them. */
export function rankErrors(
  question: string,
  errors: readonly ErrorText[],
  vectors: ReadonlyMap<string, number>,
  weight?: number,
): RankedError[] {
  const index = new MiniSearch<ErrorText>({
    idField: "signature",
    fields: ["text"],
    tokenize: (text) => [...errorTerms(text)],
    processTerm: (term) => term,
  });
  index.addAll(errors);
  const found = index.search(question, {
    combineWith: "OR",
    tokenize: (text) => [...new Set(errorTerms(text))],
    // A concept is common to many errors; the word itself says more.
    boostTerm: (term) => (term.startsWith("#") ? 0.8 : 1),
  });
  const lexical = new Map(found.map(({ id, score }) => [String(id), score]));
  const most = Math.max(...lexical.values(), 0);
  const cosines = errors.flatMap(({ signature }) => vectors.get(signature) ?? []);
  const { low, high, mean, deviation } = spread(cosines);
  const share = weight ?? (holdsIdentifier(question) ? lexicalWeight.identifier : lexicalWeight.words);
  return errors
    .map(({ signature }) => {
      const vector = vectors.get(signature) ?? null;
      const bm25 = lexical.get(signature) ?? 0;
      const scaled = vector === null || high === low ? 0 : (vector - low) / (high - low);
      const score = cosines.length === 0 ? bm25 / (most || 1) : share * (bm25 / (most || 1)) + (1 - share) * scaled;
      return { signature, score, vector, lexical: bm25 };
    })
    .filter(
      ({ vector, lexical: bm25 }) =>
        bm25 > 0 || (vector !== null && cosines.length >= enoughToCompare && vector >= mean + nearDeviations * deviation),
    )
    .sort((a, b) => b.score - a.score || (a.signature < b.signature ? -1 : 1));
}

function spread(values: readonly number[]): { low: number; high: number; mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length || 1);
  return { low: Math.min(...values), high: Math.max(...values), mean, deviation: Math.sqrt(variance) };
}
