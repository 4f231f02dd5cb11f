/** What denies the word behind it, in the languages of the rows. */
const denial =
  /(?:^|[^\p{L}\p{N}])(?:not|non|pas|nicht|kein|keine|no|não|n['’]a pas|isn['’]?t|wasn['’]?t|didn['’]?t)(?:[^\p{L}\p{N}]+(?:yet|encore|noch|aún|ancora))?[^\p{L}\p{N}]+/iu;
/** `ENDED_NOT_OK`, `EndedNotOk`: words as a person reads them. */
const apart = (raw: string): string =>
  raw
    .slice(0, 100)
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/[_-]+/g, " ");

/** The word that a status denies ("OK" of "Ended not OK – abended"); undefined where it denies none. Looks at the first 100 characters. */
export function withoutNegation(raw: string): string | undefined {
  const text = apart(raw);
  const found = denial.exec(text);
  if (!found) return undefined;
  return /^["'«]?([\p{L}\p{N}]+)/u.exec(text.slice(found.index + found[0].length))?.[1];
}
