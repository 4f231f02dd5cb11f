/**
 * Texts to vectors. Whatever a model wants around a text (E5's "query: " and "passage: ") is added inside, never by callers.
 * Both calls reject with the signal's reason once it has aborted, and with AppError `unexpected` after `close`.
 */
export interface Embedder {
  readonly kind: EmbedderKind;
  /** What the vectors depend on, as one readable line: two embedders with the same line give comparable vectors. */
  readonly fingerprint: string;
  /** Length of every vector. */
  readonly dimensions: number;
  /** What `rankTexts` goes by. */
  readonly mixtures: Mixtures;
  /** One L2-normalised `number[dimensions]` per text, in the texts' order. An empty list gives an empty list. */
  embedPassages(texts: readonly string[], signal: AbortSignal): Promise<number[][]>;
  /** The L2-normalised vector of a question, to be compared with passages by cosine. */
  embedQuery(text: string, signal: AbortSignal): Promise<number[]>;
  /** Idempotent. Frees the model's memory. */
  close(): Promise<void>;
}

/**
 * What the words of a question weigh beside its vector when texts are ranked, both in standard deviations over the texts in question: BM25
 * counts this many times the cosine, for words of one's own and for identifiers. Vectors that compare spelling add little to words; those
 * that compare meaning err on identifiers. Chosen by `npm run eval -- meaning`.
 */
export type Mixture = { readonly words: number; readonly identifiers: number };
/** Errors are short, and a word of theirs says much; of a page of a runbook it says little. */
export type Mixtures = { readonly errors: Mixture; readonly pages: Mixture };

export type EmbedderKind = "e5" | "lexical" | "openai";

/** Which embedder, and where its files are. The fields of `embedderEnv` in contracts, nested. */
export interface EmbedderConfig {
  /** `auto` takes e5 when its files are there or can be downloaded, else lexical. */
  readonly kind: "auto" | EmbedderKind;
  /** A model id such as `intfloat/multilingual-e5-small`, or the path of a folder (absolute, or beginning with a dot). */
  readonly model: string;
  /** Folder that holds one folder per model id. */
  readonly modelDir: string;
  /** `q8`: int8 weights, a quarter of the size and three times the speed of `fp32`. */
  readonly dtype: "q8" | "fp32";
  /** What the SHA-256 of the weights must be, 64 hex digits; undefined: whatever is there. */
  readonly sha256?: string | undefined;
  /** True: the network is never touched. */
  readonly offline: boolean;
  /** The endpoint of the kind `openai`, which `auto` never takes by itself; undefined when there is none. */
  readonly api?: { readonly baseUrl: string | undefined; readonly apiKey?: string | undefined; readonly model: string | undefined };
  /** Where missing files are downloaded from, such as `https://huggingface.co`. */
  readonly hubUrl: string;
}

/** How far a download is. Bytes; `total` is undefined when the hub does not say. */
export interface DownloadProgress {
  readonly file: string;
  readonly loaded: number;
  readonly total: number | undefined;
}
