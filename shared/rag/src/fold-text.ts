/** Lower case, without accents, curly apostrophes straightened: what patterns and names are matched against. Same length is not kept. */
export const foldText = (text: string): string => (isAscii(text) ? text.toLowerCase() : folded(text));

// eslint-disable-next-line no-control-regex -- all of ASCII
const isAscii = (text: string): boolean => /^[\x00-\x7F]*$/.test(text);

const folded = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .replace(/[\u2018\u2019\u02BC]/g, "'")
    .toLowerCase();

/** Folded letter by letter, so that places stay. */
export const foldInPlace = (text: string): string => (isAscii(text) ? text.toLowerCase() : foldedInPlace(text));

const foldedInPlace = (text: string): string =>
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
