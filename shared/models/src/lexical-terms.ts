/** Letters that Unicode does not decompose, as French and English write them without. */
const ligatures: Readonly<Record<string, string>> = { œ: "oe", Œ: "Oe", æ: "ae", Æ: "Ae", ß: "ss" };
const beyondAscii = /[^\0-\x7f]/;
const token = /[\p{L}\p{N}]+(?:[_\-./][\p{L}\p{N}]+)*/gu;
const separators = /[_\-./]/;
const camelCase = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;

/** The text without accents and ligatures; case is kept, because camelCase is a boundary. */
export const foldText = (text: string): string =>
  beyondAscii.test(text)
    ? text
        .normalize("NFKD")
        .replace(/\p{M}+/gu, "")
        .replace(/[œŒæÆß]/g, (letter) => ligatures[letter] ?? letter)
    : text;

/** The words of a folded text as they are spelt, identifiers whole: "orders-daily", "ExecutorLostFailure". */
export const spellingsOf = (folded: string): readonly string[] => folded.match(token) ?? [];

/** Lower case, except where capitals inside a word mark its parts: "ERROR" and "Error" are "error", "ordersDaily" stays. */
export const foldCase = (word: string): string => (camelCase.test(word) ? word : word.toLowerCase());

/** "orders-daily" → orders, daily; "ExecutorLostFailure" → executor, lost, failure; a plain word → itself. Lower case. */
export const partsOf = (word: string): string[] =>
  word
    .split(separators)
    .flatMap((part) => part.split(camelCase))
    .map((part) => part.toLowerCase());

/** Runs of `lengths` characters of "<word>", the marks included: "<ec", "ech" … for "echec". */
export function characterGrams(word: string, lengths: readonly number[]): string[] {
  const characters = ["<", ...word, ">"];
  return lengths.flatMap((length) =>
    Array.from({ length: Math.max(0, characters.length - length + 1) }, (_, start) => characters.slice(start, start + length).join("")),
  );
}
