export type GroupBy = "pipeline" | "tech" | "environment" | "signature" | "status" | "hour" | "day" | "week" | "month";

/** A pattern of whole words, for folded text. */
export const has = (pattern: string) => new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${pattern})(?![\p{L}\p{N}])`, "u");

const nouns: readonly (readonly [GroupBy, string])[] = [
  ["tech", "technos?|techos?|tecnos?|technlogies|technologies|technologie|technology|techs?|outils?|tools?|stacks?"],
  ["environment", "environnements?|environments?|envs?"],
  [
    "signature",
    "types? d'erreurs?|error types?|types? of (?:errors?|failures?)|erreurs?|errors?|messages? d'erreurs?|error messages?|signatures?|exceptions?|causes?|raisons?|reasons?",
  ],
  [
    "pipeline",
    "pipelines?|piplines?|pipelins?|pipe lines?|jobs?|flux|flows?|dags?|traitements?|workflows?|projets?|projects?|repos?|sites?|checks?",
  ],
  ["status", "statuts?|status(?:es)?|etats?"],
];
const starts = nouns.map(([group, words]) => [group, new RegExp(`^(?:${words})(?!\\p{L})`, "u")] as const);
const anywhere = new Map(nouns.map(([group, words]) => [group, has(words)]));
const periods: readonly (readonly [GroupBy, string])[] = [
  ["hour", "heures?|hours?"],
  ["day", "jours?|days?"],
  ["week", "semaines?|weeks?"],
  ["month", "mois|months?"],
];

/** "par techno", "by day", "for each pipeline", "jour par jour", "daily". */
const groupings: readonly (readonly [GroupBy, RegExp])[] = [
  ...[...nouns, ...periods].map(
    ([group, words]) =>
      [
        group,
        has(
          String.raw`(?:(?:de|of) (?:tous|toutes|all|every)|par|per|by|pour chaque|for each|each|every|chaque|selon|grouped? by|(?:re)?groupe\w* par|ventil\w* par|repart\w* par) (?:le |la |les |the |our |nos )?(?:${words})`,
        ),
      ] as const,
  ),
  ["signature", has("(?:par|by|per) (?:types?|natures?|kinds?|familles?)")],
  ["day", has(String.raw`jour par jour|day by day|daily|quotidien\w*|journaliere?s?|tous les jours`)],
  ["hour", has("heure par heure|hour by hour|hourly")],
  ["month", has("monthly|mensuel(?:le)?s?|mois par mois|month by month")],
  ["week", has("weekly|hebdomadaires?|semaine par semaine|week by week")],
];
export const groupSaid = (text: string): GroupBy | undefined => groupings.find(([, pattern]) => pattern.test(text))?.[0];

/** The noun that is asked for: the first one behind a question word, "top" or "combien de". */
export function subject(text: string): GroupBy | undefined {
  const match =
    /(?:quelles|quelle|quels|quel|which|what|combien d(?:es|e|')?|how many|top ?\d*|liste\w*|list|nombre d(?:e|es|')?|number of|(?<!\d)\d+(?!\d))(?!\p{L})[ ,']*(?:sont|are|is|est)?[ ,']*(?:les?|la|des?|du|of|the|[ld](?!\p{L})|principa\w+|most|plus|pires?|worst|distinct\w*|unique\w*|different\w*|failing|failed|common|frequent\w*|our|nos|all|tous|toutes|first|(?<!\d)\d+(?!\d))?[ ,']*(?:les?|des?|du|of|the|frequent\w*|common|failing|failed|recurring|(?<!\d)\d+(?!\d)|principa\w+)?[ ,']*(\p{L}+)/u.exec(
      text,
    );
  // From the noun on: "types d'erreurs" is more than one word.
  const asked = match && text.slice(match.index + match[0].length - (match[1]?.length ?? 0));
  return asked === null ? undefined : starts.find(([, pattern]) => pattern.test(asked))?.[0];
}

/** Whether a kind of thing is named at all. */
export const mentions = (text: string, group: GroupBy): boolean => anywhere.get(group)?.test(text) ?? false;
