/** Characters that show nothing or change how their neighbours are shown: controls, zero widths, directions, tags, lone surrogates, breaks. */
const unshown = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** Accents without number on one character, which run over the lines around it; no language needs more than three. */
const piled = /(\p{M}{3})\p{M}+/gu;

/** Text of a record as one line of visible characters, at most `most` of them with the ellipsis; never cut inside a character. */
export function cleanLine(text: string, most: number): string {
  const line = text
    .replace(unshown, " ")
    .replace(piled, "$1")
    .replace(/[^\S\u00A0\u202F]+/g, " ")
    .trim();
  if (line.length <= most) return line;
  const characters = [...line];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : line;
}

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
