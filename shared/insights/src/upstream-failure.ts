const looksAt = 400;
const any = (...words: readonly string[]): string => String.raw`\b(?:${words.join("|")})\b`;
const before = any(
  ...["up ?stream", "dependenc(?:y|ies)", "dependances?", "amont", "parents?", "predecessors?", "predecesseurs?", "prerequis(?:ites?)?"],
  String.raw`previous (?:task|job|step|stage)s?`,
);
const failed = any(
  ...[String.raw`fail\w*`, "errors?", "errored", "echec", String.raw`echou\w*`, "ko", String.raw`cancel\w*`, String.raw`annul\w*`],
  ...[String.raw`skip\w*`, "not (?:met|satisfied|successful)", "unsatisfied", "never satisfied", "unsuccessful"],
);
const kept = any(
  ...[String.raw`skip\w*`, String.raw`cancel\w*`, String.raw`annul\w*`, String.raw`ignor\w*`, String.raw`saute\w*`, "blocked"],
  ...[String.raw`bloque\w*`, "not run", "did not run", String.raw`non execute\w*`, "omitted"],
);
const because = any("due to", "because", "as", "since", "after", "cause", "suite", "par", "by", "en");
const near = String.raw`[^\n]{0,40}?`;
const patterns = [
  new RegExp(`${before}${near}${failed}`),
  new RegExp(`${kept}${near}${because}${near}${before}`),
  new RegExp(`${failed} (?:in|of|on|en|des?|du) (?:an? |the |l'|la |le )?${before}`),
];

/**
 * Whether a text says that something did not run because what it depends on failed: `SKIPPED_DUE_TO_UPSTREAM_FAILURE`, "Cancelled: dependency
 * failed", "ignoré : amont en échec". Looks at the first 400 characters.
 */
export function tellsOfUpstream(text: string): boolean {
  const words = text
    .slice(0, looksAt)
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, " ")
    .replace(/[_-]+/g, " ")
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();
  return patterns.some((pattern) => pattern.test(words));
}
