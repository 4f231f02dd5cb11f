import { foldInPlace } from "../fold-text.js";
import { commonWords } from "./common-words.js";
import { fillerWords } from "./filler-words.js";
import { wordsOf, type Word } from "./names.js";
import { isStatusWord } from "./status-words.js";

type Part = { readonly start: number; readonly end: number };
type Phrase = Part & { readonly text: string };

/** What is said of a run that is not there, and of a file, a module or a secret that an error does not find. */
const lacking =
  /^(?:manquante?s?|missing|missed|absente?s?|manquent|manque|manquee?s|late|overdue|delayed|tardi(?:f|fs|ve|ves)|retardee?s?)$/;
const english = /^(?:missing|missed|late|overdue|delayed)$/;
const copula = /^(?:est|sont|etait|etaient|semble|is|are|was|were|seems|toujours|still|encore)$/;
const article = /^(?:un|une|le|la|les|l|des|d|de|du|a|an|the)$/;
const joint = /^(?:de|d|du)$/;
/** What runs or holds what runs: a missing one of these is no error's text. */
const runNouns = new Set(
  `run runs execution executions lancement lancements passage passages build builds pipeline pipelines job jobs flux flow flows dag dags
  traitement traitements tache taches task tasks process processus workflow workflows projet projets project projects repo repos repository
  site sites check checks techno technos technologie technologies technology environnement environnements environment environments env
  envs application applications app apps`.split(/\s+/),
);
/** Words of questions that name what an error lacks as well. */
const things = new Set(
  `data donnee donnees record records enregistrement enregistrements base bases source sources resultat resultats result results outil tool
  code message messages signature texte text reponse reponses response responses info information informations variable detail
  details`.split(/\s+/),
);
/** Errors whose words would ask for a rate, a duration or a count. */
const fixed =
  /(?<!\p{L})(?:rate[ -]?limit(?:s|ing|ed)?(?: (?:exceeded|reached|hit))?|slow (?:quer(?:y|ies)|consumers?|disks?)|requetes? lentes?|(?:(?:row|record|line|column) )?counts? mismatch(?:es)?|(?:value|string|line|name|url|chaine|valeur|ligne) (?:is )?(?:too long|trop longue)|max(?:imum)? (?:retries|attempts|connections|size|depth)(?: (?:exceeded|reached))?)(?!\p{L})/gu;

/**
 * The errors that a question names in words of an operation: "module Python manquant", "a missing file", "retard du broker". `taken` are the
 * places of names, times and quotations. What lacks is sought where it is neither a run nor a name.
 */
export function errorPhrases(text: string, taken: readonly Part[]): Phrase[] {
  const meets = (parts: readonly Part[], { start, end }: Part) => parts.some((part) => start < part.end && end > part.start);
  const whole = [...foldInPlace(text).matchAll(fixed)]
    .map(({ 0: phrase, index }) => ({ start: index, end: index + phrase.length, text: text.slice(index, index + phrase.length) }))
    .filter((phrase) => !meets(taken, phrase));
  const words = wordsOf(text);
  const together = (left: Word | undefined, right: Word | undefined) =>
    left !== undefined && right !== undefined && /^[\s'’_./-]*$/.test(text.slice(left.end, right.start));
  const phrases: Phrase[] = [...whole];
  words.forEach((word, index) => {
    if (meets(taken, word) || meets(phrases, word)) return;
    const run = lackingRun({ words, together }, index);
    const head = run && words[run.head];
    if (!run || !head || runNouns.has(head.text) || meets(taken, head)) return;
    const { start } = words[run.from] as Word;
    const { end } = words[run.to] as Word;
    const kept = words.slice(run.from, run.to + 1).filter((each) => copula.test(each.text));
    const said = kept.reduceRight((rest, each) => rest.slice(0, each.start - start) + rest.slice(each.end - start), text.slice(start, end));
    phrases.push({ start, end, text: said.replace(/\s+/g, " ") });
  });
  return phrases.sort((a, b) => a.start - b.start);
}

type Line = { readonly words: readonly Word[]; readonly together: (left: Word | undefined, right: Word | undefined) => boolean };
type Run = { readonly from: number; readonly to: number; readonly head: number };

/** The words around one that says that something lacks or is late, and which of them says what. */
function lackingRun(line: Line, index: number): Run | undefined {
  const word = line.words[index]?.text ?? "";
  if (word === "retard" || word === "retards") {
    // "en retard" is said of what is before it, "retard de" of what follows.
    if (line.words[index - 1]?.text === "en") return before(line, index - 1, index, false);
    return joint.test(line.words[index + 1]?.text ?? "") ? behind(line, index, false) : undefined;
  }
  if (!lacking.test(word)) return undefined;
  const verb = word === "manque" || word === "manquent";
  const ahead = english.test(word) ? behind(line, index, true) : verb ? behind(line, index, false) : undefined;
  return ahead ?? before(line, index, index, english.test(word));
}

/** "module Python manquant", "the python module is missing". In French the first noun is what lacks, in English the last one. */
function before({ words, together }: Line, first: number, to: number, inEnglish: boolean): Run | undefined {
  let last = first - 1;
  while (copula.test(words[last]?.text ?? "") && together(words[last], words[last + 1])) last -= 1;
  let from = last + 1;
  for (let at = last; at >= 0 && together(words[at], words[at + 1]);) {
    if (isThing(words[at])) from = at--;
    else if (joint.test(words[at]?.text ?? "") && from === at + 1 && at < last && isThing(words[at - 1])) at -= 1;
    else break;
  }
  return from > last ? undefined : { from, to, head: inEnglish ? last : from };
}

/** "missing python module", "manque un fichier", "retard du broker". */
function behind({ words, together }: Line, from: number, inEnglish: boolean): Run | undefined {
  let first = from + 1;
  while (!inEnglish && article.test(words[first]?.text ?? "") && together(words[first - 1], words[first])) first += 1;
  let to = first - 1;
  while (together(words[to], words[to + 1]) && isThing(words[to + 1])) to += 1;
  return to < first ? undefined : { from, to, head: inEnglish ? to : first };
}

const isThing = (word: Word | undefined): boolean => {
  if (word === undefined || word.text.length < 2 || /^\d/.test(word.text)) return false;
  if (things.has(word.text) || runNouns.has(word.text)) return true;
  return !commonWords.has(word.text) && !fillerWords.has(word.text) && !isStatusWord(word.text) && !lacking.test(word.text);
};
