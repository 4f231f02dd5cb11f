import type { BertShape } from "./bert-graph.js";

/** A piece of the vocabulary and its log probability. */
export type Piece = readonly [text: string, score: number];

/** The vocabulary begins with these. */
export const specials = ["<s>", "<pad>", "</s>", "<unk>"];

/** `config.json`. */
export const bertConfig = (shape: BertShape) => ({
  architectures: ["BertModel"],
  model_type: "bert",
  hidden_size: shape.hidden,
  num_hidden_layers: shape.layers,
  num_attention_heads: shape.heads,
  intermediate_size: shape.intermediate,
  max_position_embeddings: shape.positions,
  vocab_size: shape.vocabulary,
  type_vocab_size: 2,
  pad_token_id: 1,
});

/** `tokenizer_config.json`. */
export const tokenizerConfig = {
  tokenizer_class: "XLMRobertaTokenizer",
  bos_token: "<s>",
  cls_token: "<s>",
  eos_token: "</s>",
  sep_token: "</s>",
  pad_token: "<pad>",
  unk_token: "<unk>",
  model_max_length: 512,
};

const metaspace = { type: "Metaspace", replacement: "▁", add_prefix_space: true };
const special = (content: string, id: number) => ({
  id,
  content,
  special: true,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
});

/** `tokenizer.json` of XLM-RoBERTa's kind. */
export const tokenizerFile = (vocab: readonly Piece[]) => ({
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: specials.map(special),
  normalizer: { type: "NFKC" },
  pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, metaspace] },
  post_processor: {
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "<s>", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "</s>", type_id: 0 } },
    ],
    pair: [],
    special_tokens: { "<s>": { id: "<s>", ids: [0], tokens: ["<s>"] }, "</s>": { id: "</s>", ids: [2], tokens: ["</s>"] } },
  },
  decoder: metaspace,
  model: { type: "Unigram", unk_id: 3, vocab },
});
