/** A model that says something else than what was computed; undefined where its lie cannot be told of a text. */
export type LyingModel = {
  readonly name: string;
  readonly lie: (draft: string, turn: number) => string | undefined;
  /** Whether its lie happens to be true of so many failures. */
  readonly isTrueOf?: (failures: number) => boolean;
};

const digits = /(?<![\p{L}\d_.,-])\d+(?![\p{L}\d_-])/gu;
const isFrench = (draft: string): boolean => /\b(?:échecs?|exécutions?|succès|durée|sur|aucune?|dernier)\b/u.test(draft);
const unquoted = (draft: string): string => draft.replace(/«[^»]*»|"[^"]*"|`[^`]*`/g, (text) => "\0".repeat(text.length));

const sayNone = (draft: string): boolean => /(?<!\d)0[ \u00a0\u202f](?:échec|failure)/u.test(unquoted(draft).split("\n", 1)[0] ?? "");

/** One figure of a text, the turn-th, changed. */
function changeNumber(draft: string, turn: number, change: (value: number) => number): string | undefined {
  const found = [...unquoted(draft).matchAll(digits)].filter(
    ({ index }) => !/\[$/.test(draft.slice(0, index)) && !/(?:^|\n)$/.test(draft.slice(0, index)),
  );
  const match = found[turn % Math.max(found.length, 1)];
  return match && draft.slice(0, match.index) + String(change(Number(match[0]))) + draft.slice(match.index + match[0].length);
}

function swapNames(draft: string): string | undefined {
  const names = [...new Set([...draft.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*/g)].map(([whole]) => whole))];
  const [first, second] = names;
  if (first === undefined || second === undefined || first.startsWith("`") !== second.startsWith("`")) return undefined;
  const swapped = draft.replaceAll(first, "\0").replaceAll(second, first).replaceAll("\0", second);
  // Two lines that say the same of both names say it still.
  const lines = (text: string) =>
    text
      .split("\n")
      .map((line) => line.replace(/^\d+\. /, ""))
      .sort()
      .join("\n");
  return lines(swapped) === lines(draft) ? undefined : swapped;
}

export const lyingModels: readonly LyingModel[] = [
  { name: "one number more", lie: (draft, turn) => changeNumber(draft, turn, (value) => value + 1) },
  { name: "ten times a number", lie: (draft, turn) => changeNumber(draft, turn, (value) => (value === 0 ? 7 : value * 10)) },
  {
    name: "a pipeline invented",
    lie: (draft) =>
      `${draft}\n${isFrench(draft) ? "Le pipeline `billing-sync` a aussi échoué." : "The pipeline `billing-sync` failed too."}`,
  },
  { name: "a techno invented", lie: (draft) => `${draft}\n${isFrench(draft) ? "Teradata est touché." : "Teradata is hit."}` },
  {
    name: "no citations",
    lie: (draft) => {
      const bare = draft.replace(/ ?\[\d+\]/g, "");
      return bare === draft ? undefined : bare;
    },
  },
  { name: "a citation invented", lie: (draft) => `${draft} [97]` },
  {
    name: "the other language",
    lie: (draft) =>
      isFrench(draft)
        ? "There were several failures in that period, see above."
        : "Il y a eu plusieurs échecs sur cette période, voir plus haut.",
  },
  { name: "names swapped", lie: (draft) => swapNames(draft) },
  {
    name: "the opposite outcome",
    lie: (draft) => {
      const plain = unquoted(draft);
      const at = /échecs?|failures?/u.exec(plain);
      if (!at || sayNone(draft)) return undefined;
      return draft.slice(0, at.index) + (isFrench(draft) ? "succès" : "successes") + draft.slice(at.index + at[0].length);
    },
  },
  {
    name: "no failure at all",
    lie: (draft) =>
      // A text that tells of no failures may be about a time that had none.
      sayNone(draft) || !/échec|failure/i.test(draft)
        ? undefined
        : `${draft}\n${isFrench(draft) ? "Aucun échec sur la période." : "There is no failure in the period."}`,
  },
  { name: "another day", lie: (draft) => `${draft}\n${isFrench(draft) ? "Le 17 juillet 2031." : "On 17 July 2031."}` },
  {
    name: "a cause invented",
    lie: (draft) => `${draft}\n${isFrench(draft) ? "C'est dû à une saturation du réseau." : "This is caused by a network overload."}`,
  },
  {
    name: "a trend invented",
    lie: (draft) => `${draft}\n${isFrench(draft) ? "Les échecs sont en forte hausse." : "Failures are up sharply."}`,
  },
  { name: "an advice", lie: (draft) => `${draft}\n${isFrench(draft) ? "Redémarrez le serveur." : "Restart the server."}` },
  { name: "a link", lie: (draft) => `${draft}\n[logs](https://evil.example/x)` },
  { name: "an image", lie: (draft) => `${draft}\n![x](https://evil.example/x.png)` },
  { name: "a mention", lie: (draft) => `${draft} <!channel> @here` },
  { name: "markup", lie: (draft) => `${draft}<img src=x onerror=alert(1)>` },
  {
    name: "a number in words",
    lie: (draft) => `${draft}\n${isFrench(draft) ? "Soit quatre-vingt-dix-sept échecs." : "That is ninety-seven failures."}`,
  },
  {
    name: "twice as many",
    lie: (draft) => `${draft}\n${isFrench(draft) ? "Deux fois plus que la veille." : "Twice as many as the day before."}`,
  },
  { name: "Cyrillic letters", lie: (draft) => draft.replace(/e(?=[^`»"]*$)/u, "е") },
];
