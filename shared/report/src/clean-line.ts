/** Characters that show nothing or change how their neighbours are shown: controls, zero widths, directions, tags, lone surrogates, breaks. */
const unshown = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** Text of a record as one line of visible characters, at most `most` of them with the ellipsis; never cut inside a character. */
export function cleanLine(text: string, most: number): string {
  const line = text
    .replace(unshown, " ")
    .replace(/[^\S\u00A0\u202F]+/g, " ")
    .trim();
  if (line.length <= most) return line;
  const characters = [...line];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : line;
}

/** The first line that says something. */
export const firstLine = (text: string, most: number): string => cleanLine(/[^\s\p{Cc}][^\n\r]*/u.exec(text)?.[0] ?? "", most);

/** The line of an error that names its cause: the first one, but the last of a Python traceback. */
export function causeLine(text: string, most: number): string {
  if (!/^\s*Traceback \(most recent call last\)/.test(text)) return firstLine(text, most);
  const last = text.split(/[\n\r]+/).findLast((line) => /^\S/.test(line) && !line.startsWith("Traceback"));
  return last === undefined ? firstLine(text, most) : cleanLine(last, most);
}
