import { z } from "zod";
import { runStatus, type RunStatus } from "./runs.js";
import { foldStatus } from "./status-word.js";

const mostWords = 1_000;

/** A source's own words and what each stands for, by `foldStatus`. */
export type SourceStatuses = ReadonlyMap<string, RunStatus>;

/**
 * `{"BackoffLimitExceeded": "failed", "7": "success"}`: what a source's own words stand for, before the words that are known anyway.
 * A number or boolean is compared by its text. Set by `SOURCE_STATUSES`, and for one source in SOURCES.
 */
export const sourceStatuses = z
  .record(z.string(), z.unknown(), { error: () => `must be a JSON object such as {"BackoffLimitExceeded":"failed"}` })
  .transform((given, context): SourceStatuses => {
    const entries = Object.entries(given);
    const refuse = (word: string, message: string): void => context.addIssue({ code: "custom", path: [word.slice(0, 100)], message });
    if (entries.length > mostWords) refuse("", `${entries.length} words are too many: ${mostWords} at most`);
    const statuses = new Map<string, RunStatus>();
    for (const [word, value] of entries.slice(0, mostWords)) {
      const { data: status } = runStatus.safeParse(value);
      const folded = foldStatus(word);
      const known = statuses.get(folded);
      if (folded === "" || word.length > 100) refuse(word, "a word is 1 to 100 characters that are not blank");
      else if (!status) refuse(word, `must be one of ${runStatus.options.join(", ")}`);
      else if (known && known !== status) refuse(word, `is ${known} already, under a word that differs in case or accents only`);
      else statuses.set(folded, status);
    }
    return statuses;
  });
