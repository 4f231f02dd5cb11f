/** Numbers of two and more words, joined by hyphens: "soixante-douze", "vingt-et-un", "quatre-vingt-dix", "forty-eight". */
const split = (text: string): string[] => text.split(" ");
const frenchOnes = split(
  "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf",
);
const englishOnes = split("one two three four five six seven eight nine");
const series: readonly (readonly [tens: string, value: number, ones: readonly string[]])[] = [
  ...split("vingt trente quarante cinquante").map((tens, index) => [tens, 20 + index * 10, frenchOnes.slice(0, 9)] as const),
  ["soixante", 60, frenchOnes],
  ["quatre-vingt", 80, frenchOnes],
  ...split("twenty thirty forty fifty sixty seventy eighty ninety").map((tens, index) => [tens, 20 + index * 10, englishOnes] as const),
];
const compounds = new Map<string, number>([
  ["dix-sept", 17],
  ["dix-huit", 18],
  ["dix-neuf", 19],
  ["quatre-vingts", 80],
  ["quatre-vingt", 80],
  ...series.flatMap(([tens, value, ones]) =>
    ones.flatMap((word, index) => [[`${tens}-${word}`, value + index + 1] as const, [`${tens}-et-${word}`, value + index + 1] as const]),
  ),
]);

export const compoundNumber = (hyphenated: string): number | undefined => compounds.get(hyphenated);

/** The words that such a number can begin with, and the most words it has. */
export const opensCompound: ReadonlySet<string> = new Set([...compounds.keys()].map((key) => key.split("-")[0] ?? ""));
export const compoundWords = 4;
