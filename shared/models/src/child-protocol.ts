/** What a child process and its parent say to each other, over Node's IPC channel with structured clone. */

/** Parent to child: the `id` comes back with the answer. */
export interface Question<Q> {
  readonly id: number;
  readonly question: Q;
}

/** Child to parent. `loaded` or `failed` comes once, before any answer; `rss` is the child's resident memory in bytes. */
export type ChildMessage<A> =
  | { readonly type: "loaded"; readonly rss: number; readonly warning?: string | undefined }
  | { readonly type: "failed"; readonly reason: string }
  | { readonly type: "answer"; readonly id: number; readonly answer: A; readonly rss: number }
  | { readonly type: "error"; readonly id: number; readonly reason: string; readonly rss: number };

/** Rows of token ids one after the other: row i has `lengths[i]` of `ids`. */
export interface TokenRows {
  readonly ids: Int32Array;
  readonly lengths: Int32Array;
}

/** What a session child is started with: path of the weights and threads of one call. */
export interface SessionSetup {
  readonly weights: string;
  readonly threads: number;
}

/** What a tokenizer child is started with: the model's folder, and where a text is cut. */
export interface TokenizerSetup {
  readonly folder: string;
  readonly maxTokens: number;
  readonly maxCharacters: number;
}
