const breaks = /[\n\r\u2028\u2029]+/;

/** The first line of an error; of a Python traceback, whose first line is always the same, the last one. */
export function tellingLine(text: string): string {
  const [first = "", ...others] = text.trim().split(breaks);
  return /^Traceback \(most recent call last\):?\s*$/.test(first) ? (others.findLast((line) => line.trim() !== "") ?? first) : first;
}
