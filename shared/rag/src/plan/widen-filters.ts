import { foldText } from "../fold-text.js";

/** What a follow-up gives up of what was said before: "et au total ?", "toutes technos confondues", "tous les pipelines". */
export function widened(text: string): { pipelines: boolean; techs: boolean; environments: boolean; lumped: boolean } {
  const folded = foldText(text);
  const all = (nouns: string) =>
    new RegExp(
      String.raw`(?<!\p{L})(?:tou(?:te)?s|all|every|any|n'importe quelle?)(?: (?:les|the|of the|nos|our))? (?:${nouns})(?!\p{L})`,
      "u",
    ).test(folded);
  const everything =
    /(?<!\p{L})(?:sans (?:aucun )?filtres?|(?:without|no) filters?|au total|en tout|in total|overall|globalement|tout(?:es)? confondue?s?|tous confondus|all together|everything|partout|everywhere)(?!\p{L})/u.test(
      folded,
    );
  return {
    pipelines: everything || all("pipelines?|flux|flows?|jobs?|dags?|traitements?"),
    techs: everything || all("technos?|technologies|technologie|techs?|tools|outils") || all("pipelines?|flux|flows?|jobs?"),
    environments: everything || all("environnements?|environments?|envs?"),
    lumped: /(?<!\p{L})(?:confondue?s?|together|combined)(?!\p{L})/u.test(folded),
  };
}

/** "les autres ?", "and the rest?": all but what was named, or what a cut list did not show. */
export const asksForOthers = (text: string): boolean =>
  /(?<!\p{L})(?:les autres|l'autre|the others?|the other ones|le reste|the rest|la suite|les suivants|show me more|(?:voir|affiche|montre\p{L}*) (?:tout|plus|la suite|davantage)|en voir plus|show all)(?!\p{L})/u.test(
    foldText(text),
  );

/** "c'est plus ou moins ?", "mieux qu'avant ?": compared with the time before. */
export const asksHowItChanged = (text: string): boolean =>
  /^\s*(?:et |and )?(?:(?:c'est|est-ce|is (?:it|that)|that's|ca fait) )?(?:plus|moins|mieux|pire|more|less|fewer|better|worse)(?: (?:ou|or) (?:plus|moins|mieux|pire|more|less|fewer|better|worse))?(?: (?:qu'avant|que d'habitude|than before|than usual))?[\s?!.]*$/u.test(
    foldText(text),
  );
