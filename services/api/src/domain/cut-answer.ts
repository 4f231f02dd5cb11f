export type CutAnswer = { readonly text: string; readonly finish: "stop" | "length" };

/**
 * The text as far as a chat client wants it: up to the first of its `stop` texts, and at most `maxLength` characters. What is too long ends with
 * its last whole line, a first line with its last whole word: no figure is ever cut (groups of digits are held together by no-break spaces),
 * nor is code, of which half would be markup.
 */
export function cutAnswer(text: string, { stop, maxLength }: { stop: readonly string[]; maxLength: number }): CutAnswer {
  const stops = stop.map((each) => text.indexOf(each)).filter((at) => at >= 0);
  const wanted = text.slice(0, Math.min(text.length, ...stops));
  if (wanted.length <= maxLength) return { text: wholeCode(wanted), finish: "stop" };
  const fitting = wanted.slice(0, maxLength + 1); // the character behind it tells whether a line or a word ends there
  const end = Math.max(fitting.lastIndexOf("\n"), 0) || Math.max(fitting.lastIndexOf(" "), 0);
  return { text: wholeCode(wanted.slice(0, end)), finish: "length" };
}

/** Without a code span on the last line that does not end. */
function wholeCode(text: string): string {
  const open = /^(?:[^`\n]*`[^`\n]*`)*[^`\n]*(`[^`\n]*)$/.exec(text.slice(text.lastIndexOf("\n") + 1))?.[1];
  return open === undefined ? text : text.slice(0, text.length - open.length).trimEnd();
}
