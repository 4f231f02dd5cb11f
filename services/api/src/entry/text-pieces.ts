const wordsAPiece = 3;

/** The text in pieces of a few words; together they are the text. Code is one word: half of it would be markup for as long as it takes. */
export const inPieces = (text: string): string[] =>
  text.match(new RegExp(`(?:\\s*(?:\`[^\`\\n]*\`|\\S)+){1,${wordsAPiece}}\\s*`, "g")) ?? (text === "" ? [] : [text]);
