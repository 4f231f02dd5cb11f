import { setImmediate as breathe } from "node:timers/promises";
import { AppError } from "@flow-rag/kernel";
import type { Embedder } from "./embedder.js";
import { characterGrams, foldCase, foldText, partsOf, spellingsOf } from "./lexical-terms.js";
import { murmur3 } from "./murmur3.js";
import { stopWords } from "./stop-words.js";

const dimensions = 384;
const gramLengths = [3, 4, 5];
/** A stop word still tells two otherwise equal texts apart. */
const stopWordWeight = 0.1;
/** Character n-grams of a word weigh this much together, beside 1 for the word itself. */
const gramsWeight = 1.2;
/** French and English inflect at the end of a word, so what it begins with says more: "échec", "échoué". */
const beginningWeight = 2;
/** Longer words are hashes and encoded data: their n-grams resemble only by chance. */
const maxGramCharacters = 40;
/** Known tokens, so that a word is hashed once; about 10 MB when full. */
const maxRemembered = 50_000;
/** About 10 ms of work between two breaths of the event loop. */
const textsPerTurn = 256;

/** A sparse vector: `weights[i]` at `indexes[i]`. */
type Features = { indexes: Uint16Array; weights: Float64Array };

/**
 * The built-in embedder: no files, no network, the same vector on every machine. It compares spelling, not meaning:
 * words, parts of identifiers and character n-grams, each hashed to one signed dimension.
 * Source: feature hashing, Weinberger et al. 2009 (arXiv 0902.2206); n-grams with boundary marks, Bojanowski et al. 2017 (arXiv 1607.04606).
 */
export function createLexicalEmbedder(): Embedder {
  const remembered = new Map<string, Features>();
  let closed = false;

  /** Spellings of one token ("Error", "error") share one object, so that it can be counted by identity. */
  const featuresOf = (spelling: string): Features => {
    const known = remembered.get(spelling);
    if (known) return known;
    const token = foldCase(spelling);
    const features = remembered.get(token) ?? hashToken(token);
    remembered.set(token, features).set(spelling, features);
    return features;
  };

  const embed = (text: string): number[] => {
    // Between texts only: within one, a token must stay one object.
    if (remembered.size >= maxRemembered) remembered.clear();
    const counts = new Map<Features, number>();
    for (const spelling of spellingsOf(foldText(text))) {
      const features = featuresOf(spelling);
      counts.set(features, (counts.get(features) ?? 0) + 1);
    }
    const vector = new Float64Array(dimensions);
    for (const [{ indexes, weights }, count] of counts) {
      const frequency = 1 + Math.log(count);
      for (let i = 0; i < indexes.length; i += 1) vector[indexes[i]!]! += weights[i]! * frequency;
    }
    return normalised(vector);
  };

  const check = (signal: AbortSignal): void => {
    if (closed) throw new AppError("unexpected", "the embedder is closed");
    signal.throwIfAborted();
  };

  return {
    kind: "lexical",
    fingerprint: `lexical v1 (${dimensions} dimensions, murmur3, words and ${gramLengths[0]}-${gramLengths.at(-1)}-grams)`,
    dimensions,
    mixtures: { errors: { words: 1.5, identifiers: 1.5 }, pages: { words: 0.7, identifiers: 0.7 } },
    async embedPassages(texts, signal) {
      const vectors: number[][] = [];
      check(signal);
      for (const [position, text] of texts.entries()) {
        if (position > 0 && position % textsPerTurn === 0) {
          await breathe();
          check(signal);
        }
        vectors.push(embed(text));
      }
      return vectors;
    },
    async embedQuery(text, signal) {
      check(signal);
      return embed(text);
    },
    async close() {
      closed = true;
      remembered.clear();
    },
  };
}

/** What one token adds to a text's vector. Any change here changes every vector: raise the version in the fingerprint. */
function hashToken(token: string): Features {
  const indexes: number[] = [];
  const weights: number[] = [];
  const add = (term: string, weight: number): void => {
    const hash = murmur3(term);
    indexes.push((hash >>> 1) % dimensions); // the sign has a bit of its own
    weights.push(hash & 1 ? weight : -weight);
  };
  const parts = partsOf(token);
  // "orders-daily", "orders_daily" and "ordersDaily" are one identifier.
  if (parts.length > 1) add(`=${parts.join("")}`, 1);
  for (const part of parts) {
    if (stopWords.has(part)) {
      add(`=${part}`, stopWordWeight);
      continue;
    }
    add(`=${part}`, 1);
    // "137" and "138" are as different as numbers get, whatever digits they share.
    if (/^\p{N}+$/u.test(part) || part.length > maxGramCharacters) continue;
    const grams = characterGrams(part, gramLengths).map((gram) => ({ gram, weight: gram.startsWith("<") ? beginningWeight : 1 }));
    const norm = Math.hypot(...grams.map(({ weight }) => weight));
    for (const { gram, weight } of grams) add(gram, (gramsWeight * weight) / norm);
  }
  return { indexes: Uint16Array.from(indexes), weights: Float64Array.from(weights) };
}

/** A text without a word, or whose features cancel out, gets the first axis: a store for cosines refuses the zero vector. */
function normalised(vector: Float64Array): number[] {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares === 0) vector[0] = squares = 1;
  const norm = Math.sqrt(squares);
  const unit: number[] = []; // pushed one by one V8 keeps plain doubles; Array.from makes 384 objects of them
  for (const value of vector) unit.push(value / norm);
  return unit;
}
