const numberWords: Readonly<Record<string, number>> = {
  trois: 3,
  three: 3,
  cinq: 5,
  five: 5,
  dix: 10,
  ten: 10,
  deux: 2,
  two: 2,
  quatre: 4,
  four: 4,
  vingt: 20,
  twenty: 20,
};

const number = String.raw`(\d{1,3}|${Object.keys(numberWords).join("|")})`;
const patterns = [
  String.raw`(?<![\p{L}\p{N}])(?:top|flop) ?${number}(?![\p{L}\p{N}])`,
  String.raw`(?<![\p{L}\p{N}])(?:les|the|last|first|latest|derniers?|dernieres?|premiers?|premieres?) ${number} (?!heures?|hours?|min|jours?|days?|h |s |sec)(?=\p{L})`,
  String.raw`(?<![\p{L}\p{N}])${number} (?:derniers?|dernieres?|premiers?|premieres?|principa\w+|pires?|last|latest|first|most|worst|slowest|longest|fastest|shortest|quickest|biggest|plus|moins|pipelines?|technos?|erreurs?|errors?|runs?|executions?|jobs?|top)(?![\p{L}\p{N}])`,
].map((pattern) => new RegExp(pattern, "u"));

/** `top 10`, `les 5 dernières exécutions`, `last 3 failures`, `the three worst pipelines`. */
export function limitIn(text: string): number | undefined {
  const match = patterns.map((pattern) => pattern.exec(text)).find((found) => found !== null);
  const value = match?.[1] === undefined ? undefined : (numberWords[match[1]] ?? Number(match[1]));
  return value !== undefined && value >= 1 && value <= 500 ? value : undefined;
}
