import { runStatus, type UnreadStatuses } from "@flow-rag/contracts";
import { suggestStatus } from "./suggest-status.js";

const wordsShown = 5;
/** What a setting may hold without being cut or escaped: a suggestion is copied. */
const plainWord = /^[\p{L}\p{N} _.:/-]{1,60}$/u;

/** A line to copy: with what the word looks like, to be checked, or with a place that has to be filled. */
function teachText(word: string): string {
  const status = suggestStatus(word);
  const line = `; teach them with SOURCE_STATUSES='${JSON.stringify({ [word]: status ?? "CHOOSE" })}'`;
  const all = runStatus.options.filter((option) => option !== "unknown").join(", ");
  return status ? `${line} if that is what it means, or another of ${all}` : `${line}, in place of CHOOSE one of ${all}`;
}

/**
 * For operators, in English: how many runs have a status that was not read, the words, and how to teach them. A word is shown as JSON text, so
 * that nothing in it acts on a terminal.
 */
export function unreadText({ runs, withError, words, wordCount }: UnreadStatuses): string {
  const shown = words.slice(0, wordsShown).map(({ word, runs: own }) => `${word === "" ? "no status" : JSON.stringify(word)} (${own})`);
  const left = wordCount - shown.length;
  const errors = withError > 0 ? `, ${withError} with an error text` : "";
  const [example] = words.filter(({ word }) => plainWord.test(word));
  const teach = example ? teachText(example.word) : "; SOURCE_FIELDS says where the status stands";
  const counted = `${runs} ${runs === 1 ? "run has" : "runs have"} a status that was not read${errors}`;
  return `${counted}: ${shown.join(", ")}${left > 0 ? ` and ${left} more words` : ""}${teach}`;
}
