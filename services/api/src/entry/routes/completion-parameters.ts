import { AppError } from "@flow-rag/kernel";
import { z } from "zod";

const stopText = z.string().min(1).max(500);
const tokens = z.int().min(1).max(1_000_000).nullable().optional();

/** What may be asked of an answer's form, each part honoured. */
export const honoured = {
  stream: z.boolean().nullable().default(false),
  stream_options: z.looseObject({ include_usage: z.boolean().nullable().optional() }).nullable().optional(),
  stop: z
    .union([stopText, z.array(stopText).max(16)])
    .nullable()
    .optional(),
  max_tokens: tokens,
  max_completion_tokens: tokens,
  n: z.int().nullable().optional(),
};
export type Honoured = z.output<z.ZodObject<typeof honoured>>;

/** Of a text: estimated, about 4 characters each, as a template has none and clients want a number. */
const charactersAToken = 4;
export const tokensOf = (text: string): number => Math.ceil(text.length / charactersAToken);

/** As `cutAnswer` wants it. */
export const limitsOf = ({ stop, max_tokens, max_completion_tokens }: Honoured) => ({
  stop: [stop ?? []].flat(),
  maxLength: Math.min(max_tokens ?? Infinity, max_completion_tokens ?? Infinity) * charactersAToken,
});

const onlyText = "answers are text that is worded from figures; ask POST /query for JSON";
const noTools = "no tool is ever called here";
const empty = (value: unknown): boolean => JSON.stringify(value) === "{}";
const typed = (value: unknown): unknown => (value as { type?: unknown }).type;
const nothing = (): boolean => false;

/** What would change an answer and cannot be done: refused by name, unless what is asked is what happens anyway. */
const refused: Readonly<Record<string, { readonly fits: (value: unknown) => boolean; readonly why: string }>> = {
  n: { fits: (value) => value === 1, why: "there is one answer: figures are computed, not sampled" },
  response_format: { fits: (value) => typed(value) === "text", why: onlyText },
  // Offered with "auto", a model may choose to call none: so do we.
  tool_choice: { fits: (value) => value === "auto" || value === "none", why: noTools },
  function_call: { fits: (value) => value === "auto" || value === "none", why: noTools },
  logprobs: { fits: (value) => value === false || value === 0, why: "words have no probabilities here" },
  top_logprobs: { fits: (value) => value === 0, why: "words have no probabilities here" },
  logit_bias: { fits: empty, why: "words have no probabilities here" },
  modalities: { fits: (value) => JSON.stringify(value) === '["text"]', why: "answers are text" },
  audio: { fits: nothing, why: "answers are text" },
  store: { fits: (value) => value === false, why: "nothing is kept to be asked for again" },
  web_search_options: { fits: nothing, why: "nothing is looked up on the web" },
  best_of: { fits: (value) => value === 1, why: "there is one answer: figures are computed, not sampled" },
  echo: { fits: (value) => value === false, why: "the question is not repeated" },
  suffix: { fits: (value) => value === "", why: "an answer has no suffix" },
  // Structured output as other servers spell it (llama.cpp, vLLM, Ollama).
  ...Object.fromEntries(
    ["json_schema", "grammar", "guided_json", "guided_regex", "guided_choice", "guided_grammar", "structured_outputs", "format"].map(
      (name) => [name, { fits: nothing, why: onlyText }],
    ),
  ),
};

/** What else clients send changes nothing: figures are computed, not sampled (`temperature`, `seed`), and nothing depends on who asks (`user`). */
export function refuseWhatCannotBeDone(body: Readonly<Record<string, unknown>>): void {
  for (const [name, { fits, why }] of Object.entries(refused)) {
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    if (value !== undefined && value !== null && !fits(value)) throw new AppError("invalid_input", `${name}: ${why}`, { field: name });
  }
}
