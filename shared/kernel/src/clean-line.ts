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
