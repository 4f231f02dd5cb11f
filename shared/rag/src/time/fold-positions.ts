/** Lower case without accents, apostrophes straightened, and where each character came from. */
export function foldWithPositions(text: string): { folded: string; origin: number[] } {
  let folded = "";
  const origin: number[] = [];
  let position = 0;
  for (const character of text) {
    const plain = character < "\u0080" ? character.toLowerCase() : foldCharacter(character);
    for (let index = 0; index < plain.length; index++) origin.push(position);
    folded += plain;
    position += character.length;
  }
  origin.push(position);
  return { folded, origin };
}

const foldCharacter = (character: string): string =>
  character
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .replace(/[\u2018\u2019\u02BC\u00B4\u2032]/g, "'")
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/→/g, "-")
    .replace(/œ/gi, "oe")
    .toLowerCase();
