import { commonWords } from "./common-words.js";
import { fillerWords } from "./filler-words.js";
import { editDistance } from "./edit-distance.js";

/** The words that a question hangs on, folded: one of them with a wrong letter is still that word. */
const vital =
  "echec echecs erreur erreurs echoue echoues echouee echouees plante plantes plantent failure failures failed failing error errors which pipeline pipelines techno technos technologie technologies quelle quelles quels combien nombre taux duree moyenne moyen mediane reussite reussites succes success compare comparer comparaison evolution tendance pourquoi bilan resume summary statut status dernier derniere premier premiere execution executions environnement environnements environment slowest longest duration average median tourne tournent traitement traitements everything anything nothing something planter crash crashed".split(
    " ",
  );
/** How questions are written on a phone. */
const shorthand: ReadonlyMap<string, string> = new Map(
  "kel:quel kels:quels kelle:quelle kelles:quelles koi:quoi kwa:quoi pk:pourquoi pq:pourquoi prq:pourquoi pourkoi:pourquoi tt:tout ts:tous tps:temps tx:taux pb:probleme pbs:problemes pblm:probleme pblms:problemes slt:salut bjr:bonjour bsr:bonsoir cmb:combien cbn:combien kombien:combien px:peux jsuis:suis chui:suis jvoudrais:voudrais jveux:veux jcherche:cherche keski:qu'est_ce_qui keskia:qu'est_ce_qui_a kesk:qu'est_ce_qu ki:qui ke:que kan:quand kand:quand tjrs:toujours tjs:toujours bcp:beaucoup jms:jamais svt:souvent mtn:maintenant mnt:maintenant ajd:aujourd'hui dsl:desole vrmt:vraiment lst:last abt:about wen:when ya:y yavait:avait yaeu:eu ds:dans pr:pour qd:quand cmt:comment exec:execution execs:executions xec:execution nbr:nombre dern:dernier wut:what wat:what wats:what whats:what pls:please plz:please thx:thanks u:you ur:your r:are yest:yesterday err:erreur errs:erreurs prblm:probleme"
    .split(" ")
    .map((pair) => pair.replaceAll("_", " ").split(":") as [string, string]),
);
const shortest = 4;
const long = 8;

/** Folded text with its misspelt question words put right: `echeks`, `failuers`, `qelles`. Words of the same length or not; places are not kept. */
export const correctWords = (folded: string): string => folded.replace(/[\p{L}\p{N}]+/gu, (word) => correctWord(word) ?? word);

/** The question word that a word was meant to be; undefined when it is a word of its own. */
export function correctWord(word: string): string | undefined {
  const short = shorthand.get(word);
  if (short !== undefined) return short;
  if (word.length < shortest || /\d/.test(word) || commonWords.has(word) || fillerWords.has(word)) return undefined;
  const most = word.length < long ? 1 : 2;
  let best: { word: string; distance: number } | undefined;
  for (const known of vital) {
    if (known.length < shortest || !sameBeginning(word, known)) continue;
    const distance = editDistance(word, known, most);
    if (distance <= most && distance < (best?.distance ?? Infinity)) best = { word: known, distance };
  }
  return best?.word;
}

/** The first letter is seldom wrong, and swapped at most: without this rule "faux" would be a rate. */
const sameBeginning = (a: string, b: string): boolean =>
  a[0] === b[0] || (a[0] === b[1] && a[1] === b[0]) || a === b.slice(1) || a.slice(1) === b;
