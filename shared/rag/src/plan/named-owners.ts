import { foldInPlace } from "../fold-text.js";
import { wordsOf } from "./names.js";
import { commonWords } from "./common-words.js";

type Part = { readonly start: number; readonly end: number };

const team = String.raw`(?:(?:l'|l’|les? |la |des |the |our |my |notre |mon |ma )?(?:equipes?|teams?|squads?)(?: (?:de|des|du|the))?)`;
const owned = String.raw`(?:owned by|owners?(?: (?:is|are))?|maintained by|proprietaires?(?: (?:est|sont))?|responsables?(?: (?:est|sont))?|appartenant (?:a|au|aux)|geree?s? par|maintenue?s? par)`;
const said = new RegExp(
  String.raw`(?<![\p{L}\p{N}_-])(?:(?:dont (?:le|la|les) |whose |of |de )?${owned}(?: ${team})?|${team})(?: ?[:=] ?| (?:le |la |les |the )?|(?=$|[?!.,]|'s))["«“]? ?([\p{L}\p{N}](?:[\p{L}\p{N}_.@-]|['’](?!s(?!\p{L}))(?=\p{L}))*)?`,
  "gu",
);
/** "par équipe", "which team": groups that are not there either. */
const grouped =
  /(?<![\p{L}\p{N}_-])(?:(?:quelles?|which|what|par|by|per|chaque|each|every) (?:equipes?|teams?|squads?|owners?|proprietaires?|responsables?)|a qui appart\p{L}+|who owns|who is (?:responsible for|the owner of)|qui (?:possede|est (?:le )?(?:responsable|proprietaire)))(?![\p{L}\p{N}_-])/gu;
const before = /(?<![\p{L}\p{N}_-])([\p{L}\p{N}][\p{L}\p{N}_.-]*) (?:team|squad)(?:'s)?(?![\p{L}\p{N}_-])/gu;

/** Who is spoken to owns nothing by that: "Salut l'équipe orders-daily a planté ?". */
const greeting = /(?:bonjour|bonsoir|salut|coucou|hello|hi|hey|dear|merci|thanks)(?: (?:a|the|to))? *$/;

/**
 * Places where a question names whose runs it is about: "l'équipe Finance", "team Finance", "owned by data-eng". Nothing is counted by owner,
 * so what is asked of one cannot be answered. `names` are places that are names of the catalogue word for word.
 */
export function namedOwners(text: string, names: readonly Part[]): Part[] {
  const folded = foldInPlace(text);
  const isName = ({ start, end }: Part) => names.some((name) => start >= name.start && end <= name.end);
  const found: Part[] = [];
  for (const match of folded.matchAll(said)) {
    const name = match[1] ?? "";
    const nameAt = match.index + match[0].length - name.length;
    const capital = /^\p{Lu}/u.test(text.slice(nameAt)) && text !== text.toUpperCase();
    const common = name === "" || (!capital && name !== "data" && wordsOf(name).every(({ text: word }) => commonWords.has(word)));
    // "quelle équipe ?" and "l'équipe" alone name nobody, "our team" does.
    if (common && !/(?:notre|mon|ma|our|my) (?:equipe|team|squad)/.test(match[0])) continue;
    const length = common ? match[0].length - name.length : match[0].length;
    const part = { start: match.index, end: match.index + match[0].slice(0, length).trimEnd().length };
    const word = /equipe|team|squad|own|maint|propri|respons|appart|ger/.exec(match[0]);
    const at = match.index + (word?.index ?? 0);
    const byTool =
      /(?:geree?s?|maintenue?s?|maintained)(?: par| by)/.test(match[0]) &&
      names.some((each) => each.start < part.end && each.end > part.start);
    const greeted = greeting.test(folded.slice(0, match.index));
    if (!isName({ start: at, end: at + 1 }) && !byTool && !greeted) found.push(part);
  }
  for (const { 0: whole, index } of folded.matchAll(grouped)) {
    const part = { start: index, end: index + whole.length };
    if (!isName({ start: part.end - 1, end: part.end })) found.push(part);
  }
  for (const { 0: whole, 1: name = "", index } of folded.matchAll(before)) {
    const part = { start: index, end: index + whole.length };
    const met = found.some((each) => part.start < each.end && part.end > each.start) || isName({ start: part.end - 1, end: part.end });
    if (!met && !commonWords.has(name) && !/^(?:the|dear|our|my|notre|hi|hello|hey|bonjour|salut)$/.test(name)) found.push(part);
  }
  return found.sort((a, b) => a.start - b.start);
}
