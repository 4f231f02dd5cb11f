const classOf = (code: number): "lower" | "upper" | "digit" | "other" => {
  if (code >= 97 && code <= 122) return "lower";
  if (code >= 65 && code <= 90) return "upper";
  return code >= 48 && code <= 57 ? "digit" : "other";
};

/**
 * Whether a run of 32 or more letters, digits and `+ / _ -` looks drawn at random rather than written.
 *
 * Random text changes between lower case, upper case and digits at 64 % of its places (base64: 26, 26 and 10 of 64 symbols), identifiers
 * at the seams of their words only, below 40 %. UUIDs, git hashes and digests in hexadecimal are taken for identifiers on purpose: an error
 * often names a commit, a container or a checksum, which are no secrets and are what people search for.
 */
export function looksRandom(text: string): boolean {
  const counts = { lower: 0, upper: 0, digit: 0, other: 0 };
  let pairs = 0;
  let changes = 0;
  let digitRuns = 0;
  let previous: keyof typeof counts = "other";
  for (let index = 0; index < text.length; index += 1) {
    const current = classOf(text.charCodeAt(index));
    counts[current] += 1;
    if (current === "digit" && previous !== "digit") digitRuns += 1;
    if (current !== "other" && previous !== "other") {
      pairs += 1;
      if (current !== previous) changes += 1;
    }
    previous = current;
  }
  const length = text.length - counts.other;
  // Many separators mean words, numbers or folders joined together; base64 has 3 % of them.
  if (length < 28 || counts.other > text.length * 0.15 || counts.digit === 0) return false;
  const rate = changes / pairs;
  if (counts.lower > 1 && counts.upper > 1) return rate >= 0.55 || (rate >= 0.4 && digitRuns >= 2);
  // One case and digits (base32, base36) change at 32 to 40 % of places; hexadecimal is left alone.
  return counts.other === 0 && !/^[0-9a-f]+$/i.test(text) && rate >= 0.25 && digitRuns >= 4;
}
