/** Lower case, without accents, curly apostrophes straightened: what patterns and names are matched against. Same length is not kept. */
export const foldText = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .replace(/[\u2018\u2019\u02BC]/g, "'")
    .toLowerCase();

/** Folded letter by letter, so that places stay. */
export const foldInPlace = (text: string): string =>
  [...text]
    .map((character) => {
      const plain = character
        .normalize("NFD")
        .replace(/\p{Mn}/gu, "")
        .replace(/[\u2018\u2019\u02BC]/g, "'")
        .toLowerCase();
      return plain.length === character.length ? plain : character;
    })
    .join("");
