import { foldText } from "../fold-text.js";
import type { NameMatch } from "./names.js";

const filler = String.raw`(?:(?:le|la|les|l'|l|pour|sur|de|du|des|d'|d|the|for|on|in|en|of|from|celles?|ceux|celui|celle|that|those|pipelines?|technos?|technologies|technologie|techs?|jobs?|flux|flows?|environnements?|environments?|env)(?![\p{L}])[\s']*)*`;
const without = new RegExp(
  String.raw`(?<!\p{L})(?:sauf|hors|sans (?:compter|tenir compte|prendre en compte|inclure)|en (?:excluant|enlevant|retirant|ignorant)|(?:not|without) (?:counting|including)|leaving out|(?:si )?(?:on |j'|je )?(?:enlev|retir|exclu|ignor)\p{L}*|minus|w/o|excepte|exceptes?|hormis|a part|en dehors|a l'exception|a l'exclusion|autres? que|ailleurs que|autrement que|except|excepting|excluding|exclude|exclus?|exclure|exclue|other than|but not|apart from|aside from|besides|not|(?:mais|et) (?:pas|sans|non)|sans|without|ignore|ignorer|ignorant|en ignorant|pas|non)[\s:]*${filler}$`,
  "u",
);
const joined = new RegExp(String.raw`^[\s,]*(?:(?:et|ou|and|or|ni|nor|&|/|,)[\s]*)*${filler}$`, "u");

/** The names that a question leaves out: "sauf Spark et dbt", "hors prod", "all but not crm_export". */
export function excludedNames(text: string, matches: readonly NameMatch[]): Set<NameMatch> {
  const excluded = new Set<NameMatch>();
  let former: NameMatch | undefined;
  for (const match of matches) {
    const between = foldText(text.slice(former?.end ?? 0, match.start));
    const goesOn = former !== undefined && excluded.has(former) && joined.test(between);
    const same = former?.start === match.start && excluded.has(former);
    if (same || goesOn || without.test(between)) excluded.add(match);
    former = match;
  }
  return excluded;
}
