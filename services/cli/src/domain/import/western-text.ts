/** How common letters and signs beyond ASCII are in French, German, Spanish, Italian and Portuguese, from 0 (none of theirs) to 1. */
const weights = new Map<string, number>(
  (
    [
      ["éèàêçîôûùâÉÀÊ", 1],
      ["äëïöüßñáíóúãõæœÈÇÔÎÂÄÖÜŒÆ", 0.95],
      ["ìòÿËÏÛÙÁÍÓÚÑÃÕÌÒŸ", 0.6],
      ["’«»°€–—\u00a0", 0.95],
      ["‘“”…•", 0.85],
      ["£§²³º©®·¿¡×µ±", 0.6],
    ] as const
  ).flatMap(([chars, weight]) => [...chars].map((char) => [char, weight] as const)),
);
/** Words of one letter beyond ASCII. */
const aloneWords = "àÀóÓéÉèÈ";
const isForeign = (char: string): boolean => char > "\u007f";
const isLetter = (char: string): boolean => /\p{L}/u.test(char);
const isSmall = (char: string): boolean => /\p{Ll}/u.test(char);
const isCapital = (char: string): boolean => /\p{Lu}/u.test(char);

/** Whether the case does not go together, at a letter beyond ASCII: `rÚf`, `RÚussi`, `rŽf`. */
const breaksCase = (before: string, char: string, after: string): boolean =>
  (isForeign(char) && isCapital(char) && ((isLetter(before) && isSmall(after)) || isSmall(before))) ||
  (isForeign(before) && isSmall(before) && isCapital(char));

/**
 * How much of a text's non-ASCII characters make sense in a Western European text, from 0 to 1: letters of these languages in words that are
 * ASCII for the most part and whose case goes together, and signs that do not stand within a word. 1 when the text is ASCII.
 * A text decoded by the wrong 8-bit table falls far below: its letters become signs within words, capitals behind small letters, rare letters.
 */
export function westernShare(text: string): number {
  let sense = 0;
  let all = 0;
  let word = { foreign: 0, ascii: 0, weight: 0, bad: false, only: "" };
  const endWord = () => {
    const { foreign, ascii, weight, bad, only } = word;
    const alone = foreign === 1 && ascii === 0;
    if (!bad && foreign <= ascii + 1 && (!alone || aloneWords.includes(only))) sense += weight;
    word = { foreign: 0, ascii: 0, weight: 0, bad: false, only: "" };
  };
  for (let index = 0; index < text.length; index += 1) {
    const char = text.charAt(index);
    const before = text.charAt(index - 1);
    const after = text.charAt(index + 1);
    const weight = weights.get(char) ?? 0;
    if (isForeign(char)) all += 1;
    if (isLetter(char)) {
      if (isForeign(char)) word = { ...word, foreign: word.foreign + 1, weight: word.weight + weight, only: char };
      else word.ascii += 1;
      if (breaksCase(before, char, after) || (isForeign(char) && weight === 0)) word.bad = true;
      continue;
    }
    endWord();
    if (isForeign(char) && (!(isLetter(before) && isLetter(after)) || "’\u00a0–".includes(char))) sense += weight;
  }
  endWord();
  return all === 0 ? 1 : sense / all;
}
