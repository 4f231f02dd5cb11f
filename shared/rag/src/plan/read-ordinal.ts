import { foldText } from "../fold-text.js";

/** Which of the names of a list is meant, counted from 1 or from the end; `why` asks for its causes. */
export type Ordinal = { readonly place: number | "last"; readonly why: boolean; readonly text: string };

const ordinals: Readonly<Record<string, number>> = {
  ...{ premier: 1, premiere: 1, deuxieme: 2, second: 2, seconde: 2, troisieme: 3, quatrieme: 4, cinquieme: 5, sixieme: 6, septieme: 7 },
  ...{ huitieme: 8, first: 1, third: 3, fourth: 4, fifth: 5, sixth: 6, seventh: 7, eighth: 8 },
};
const word = String.raw`(?<word>${Object.keys(ordinals).join("|")})|(?<number>\d{1,2}) ?(?:ers?|res?|e|eme|nd|nde|st|rd|th)|(?:numero|n°|no\.?|number|#) ?(?<written>\d{1,2})|(?<last>dernier|derniere|last)`;
const whole = new RegExp(
  String.raw`^\s*(?:(?:et|and|ok|alors|mais|but|so)[ ,]+)?(?:(?<why>pourquoi|why)[ ,]+|(?:montre|donne|detaille|explique|dis)(?:[- ]moi)?(?: plus)?(?: sur)? |show(?: me)? |tell me (?:more )?about |what about |how about |(?:pour|sur|about|for|on) )*(?:(?:le|la|l'|the|celui|celle|au|du) ?(?:en )?)?(?:${word})(?: (?:one|d'entre eux|d'entre elles|de la liste|du classement|of them|in the list|on the list))?(?: (?:alors|then|svp|stp|please|c'est quoi))?[\s?!.]*$`,
  "u",
);

/** "le deuxième ?", "and the second one?", "n° 3": one of what the answer before listed. Undefined for any other text. */
export function readOrdinal(text: string): Ordinal | undefined {
  const groups = whole.exec(foldText(text))?.groups;
  if (!groups) return undefined;
  const said = groups["word"];
  const place = groups["last"] ? "last" : said ? (ordinals[said] ?? 0) : Number(groups["number"] ?? groups["written"]);
  return place === 0 ? undefined : { place, why: groups["why"] !== undefined, text: text.trim().replace(/\s*[?!.]+$/, "") };
}
