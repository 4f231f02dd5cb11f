import { cleanLine } from "@flow-rag/kernel";

/** The first line that says something. */
export const firstLine = (text: string, most: number): string => cleanLine(/[^\s\p{Cc}][^\n\r]*/u.exec(text)?.[0] ?? "", most);

const linesRead = 40;
/** Words of which a line may consist that announces an error and does not name it: `Caused by:`, `[ERROR] COMPILATION ERROR :`. */
const announcing = new Set(
  "a an and are be been build by caused compilation cause errors error exception exceptions fail failed failure failures fatal following for has have in is it of on run running see severe stderr stdout summary test tests the there to trace was were with erreur échec".split(
    " ",
  ),
);
const isTelling = (line: string): boolean => (line.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).some((word) => !announcing.has(word));

/** The line of an error that names its cause: the first one that says more than that there is an error, but the last of a Python traceback. */
export function causeLine(text: string, most: number): string {
  if (!/^\s*Traceback \(most recent call last\)/.test(text)) {
    const telling = text.split(/[\n\r]+/, linesRead).find(isTelling);
    return telling === undefined ? firstLine(text, most) : cleanLine(telling, most);
  }
  const last = text.split(/[\n\r]+/).findLast((line) => /^\S/.test(line) && !line.startsWith("Traceback"));
  return last === undefined ? firstLine(text, most) : cleanLine(last, most);
}
