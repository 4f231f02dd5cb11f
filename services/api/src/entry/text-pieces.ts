const wordsAPiece = 3;

/** The text in pieces of a few words; together they are the text. */
export const inPieces = (text: string): string[] =>
  text.match(new RegExp(`(?:\\s*\\S+){1,${wordsAPiece}}\\s*`, "g")) ?? (text === "" ? [] : [text]);
