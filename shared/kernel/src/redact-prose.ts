import { madeUpBeside } from "./redact-made-up.js";
import { bracedAt, quoteAt } from "./redact-quotes.js";
import { headOf, isNoSecret, readValues, type ValueReader } from "./redact-values.js";
import type { Span } from "./redact-span.js";
import { complains, isOrdinary, isSaidOfOne, looksMadeUp } from "./redact-words.js";

/**
 * Passwords that a sentence tells: « le mot de passe tournesol du compte etl est refusé », "password for etl is parsnip", "trying password 'walnut
 * tree 5'". Each place is judged by what stands within a fixed distance of it, so the whole is linear in the text.
 */

const passwordWord = new RegExp(
  `(?<![\\p{L}\\p{N}_./-])(?:${[
    "pass[-_ ]?(?:word|phrase|code)",
    "passwd",
    "pwd",
    "mots?[-_ ]de[-_ ]passe",
    "mdp",
    "phrase (?:secr[eè]te|de passe)",
    "code (?:secret|pin|d['’]acc[eè]s)",
    "pass(?:wort|phrase)|kennwort",
    "contrase[nñ]a|clave (?:secreta|de acceso)|clave(?= (?:del?|para) )|(?<=with |avec )pw",
    "senha|wachtwoord|parola d['’]ordine|parola d['’]accesso",
  ].join("|")})(?![\\p{L}\\p{N}_-])`,
  "giu",
);
/** Words of keys: only what is made up can follow them, "the API key rotation" and "token bucket" are common. */
const keyNames = [
  "api[- ]key|access[- ]token|access[- ]key|auth[- ]token|token|secret key",
  "jeton|cl[eé] d['’]api|(?:ancienne|nouvelle|old|new) (?:cl[eé]|key)",
].join("|");
const keyWord = new RegExp(`(?<![\\p{L}\\p{N}_./-])(?:${keyNames})[ \\t]?:?[ \\t]{1,3}(?=["'«]?[\\w-]{10,})`, "giu");
const isMadeKey = (value: string): boolean =>
  /^[\w-]{10,200}$/.test(value) &&
  /\d/.test(value) &&
  /[a-z]/i.test(value) &&
  !/^[a-z]+(?:[-_][a-z0-9]+)+$/i.test(value) &&
  !/^[\da-f]{8}-[\da-f]{4}-/i.test(value);

const stems = [
  "passw",
  "with pw",
  "avec pw",
  "passp",
  "pass",
  "pwd",
  "mdp",
  "secr",
  "code",
  "kennwort",
  "contrase",
  "clave",
  "senha",
  "wachtw",
  "parola",
];

const space = "[ \\t\\u00a0\\u202f]";
const now = "(?:now|maintenant|désormais|jetzt|ahora)";
const became = "set to|changed to|reset to|replaced by|remplacé par|changé en|remis à|gesetzt auf";
const auxiliary = "is|was|has been|a été|est|wurde|fue|è stata";
const is = `(?:(?:(?:${auxiliary}) )?(?:${now} )?(?:${became})|is|was|est|était|ist|war|lautet|es|era|è|é)(?: ${now})?`;
/** "… is X", « … est : X » */
const said = new RegExp(`^${space}{1,3}${is}${space}{0,2}[:=]?${space}{1,3}`, "iu");
/** "… for etl is X", « … de la base : X » */
const saidOf = new RegExp(
  `^${space}{1,3}(?:for|of|to|du|de|des|d['’]|pour|für|von|vom|de[ln]?|della|di|per|do|da|dell['’]|dello|degli)(?:${space}|(?<=['’]))` +
    `[^:=\\n"«;,{]{1,60}?(?:${space}?[:=]${space}{0,3}|${space}${is}${space}{0,2}:?${space}{1,3})`,
  "iu",
);
/** "password used: X", « mot de passe refusé : X »; "Enter new password [again]: " is a prompt. */
const saidHow = new RegExp(
  `^${space}{1,3}(?:used|provided|given|tried|sent|supplied|received|utilisé|fourni|essayé|saisi|envoyé|transmis|reçu|testé|verwendet|usada|` +
    `refusé|rejeté|erroné|incorrect|invalide?|rejected|refused|wrong|abgelehnt|falsch|incorrecta|rechazada|actuel|current|ancien|old|nouveau|new|` +
    `oracle|ldap|ftp|sftp|ssh|smtp|sap|mysql|postgres\\w{0,3}|db2|teradata|mongo\\w{0,2}|redis|windows|applicatif|technique|temporaire|initial|\\([\\w.@-]{1,40}\\))${space}{0,2}:${space}{0,3}`,
  "iu",
);
/** « le mot de passe saisi (X) ne correspond pas » */
const inParentheses = new RegExp(`^(?:${space}[\\p{L}]{2,20})?${space}\\(`, "u");
/** A passphrase is several words: to the end of its sentence. */
const phraseWord = /phrase/i;
const phraseSign = new RegExp(`^${space}{0,3}:${space}{1,3}(?=\\p{L})`, "u");
const wholePhrase = /^[^\n.;,|"»()]{1,200}/;

/** What says, behind a word, that it was the password: whose it is, or how it was met. */
const owner =
  "(?:(?:du|de l['’]|de la|des|de|d['’]|pour|for|of|to|del|della|für|von|vom|do)\\s{0,2}(?:le |la |the |l['’]|der |den |das |el )?" +
  "(?:compte|utilisateur|user|account|login|svc\\w{0,40}|service|base|database|serveur|server|host|benutzer|konto|usuario|cuenta|utente|conto)\\b)";
const met =
  "(?:(?:a été|a ete|est|was|is|has been|wurde|ist|fue|è stata|n['’]est pas|is not|not|non|isn['’]t|doesn['’]t|does not|did not|didn['’]t|ne|no)\\s){0,2}" +
  "(?:rejet|refus|reject|denied|declin|invalid|incorrect|wrong|erron|faux|accept|abgelehnt|falsch|ungültig|rechazad|rifiutat|match|correspond)";
const origin = "(?:from|depuis|aus)\\s(?:the |le |la )?(?:vault|keyring|coffre|file|fichier|environment|env|secret|store)";
const toldBehind = new RegExp(`^["'»]?\\s{1,3}(?:${owner}|${met}|${origin})`, "iu");
const triedBefore =
  /(?:trying|tried|try|testing|using|used|with|sending|sent|avec|essai(?: du)?|essayé|envoi du|mit|con|versucht)(?: the| le| das| la)?[ \t]{1,3}$/i;
/** A user's name before the word: "user etl, password X", « utilisateur etl avec le mot de passe X ». */
const userBefore =
  /(?:user|username|utilisateur|login|compte|account|identifiant|\bas)[ \t=:]{1,3}\S{1,40}(?:[,/]| et| and| with| avec(?: le)?)[ \t]{0,2}$/i;
const endOfClause = /^["'»]?(?:[.,;:!?)\]]{0,3}(?:\s*$|\n)|[.,;)\]]\s|\s[-–—|(])/u;

/** A message's code, a count ("3 tentatives"), a file, or a word that names what complains ("psql:") is no password. */
const isNoPassword = (value: string): boolean =>
  /^(?:ORA|SQL|TNS|SP2|AADSTS|SQLSTATE|ERROR|HTTP|Errno)[-\d]/.test(value) ||
  /^\d{1,3}$/.test(value) ||
  /[:.]\/\/|^[/~].*\/|\($/.test(value);

/** Several words between quotes are judged by the first, and by whether any of them is no word of an explanation. */
function isQuotedSecret(value: string): boolean {
  if (isNoSecret(value) || isNoPassword(value)) return false;
  const words = value.split(/\s+/, 12);
  return words.length === 1 ? !isOrdinary(value) : !complains(value) && !words.every(isOrdinary);
}

type Place = { readonly text: string; readonly before: string; readonly values: ValueReader };

/** A value at a place; `bare`: whether a word without quotes there is one, given what follows it. */
function told(place: Place, start: number, bare: (word: string, behind: string) => boolean): Span | undefined {
  const { text, values } = place;
  const span = values.valueAt(start);
  const value = headOf(text, span);
  const marked = quoteAt(text, start) !== undefined || bracedAt(text, start) !== undefined;
  if (marked) return isQuotedSecret(value.replace(/^\{|\}$/g, "")) ? span : undefined;
  if (isNoSecret(value) || isNoPassword(value)) return undefined;
  return bare(value, text.slice(span.end, span.end + 80)) ? span : undefined;
}

const behindIs = (word: string, behind: string): boolean =>
  looksMadeUp(word) || (!isSaidOfOne(word) && word.length >= 3 && (endOfClause.test(behind) || toldBehind.test(behind)));
const behindColon = (word: string, behind: string): boolean =>
  !isOrdinary(word) && !behind.startsWith(":") && (looksMadeUp(word) || endOfClause.test(behind) || toldBehind.test(behind));

function toldAt(place: Place, from: number, word: string): Span | undefined {
  const after = place.text.slice(from, from + 200);
  const phrase = phraseWord.test(word) ? phraseSign.exec(after)?.[0] : undefined;
  if (phrase !== undefined) return phraseAt(place.text, from + phrase.length);
  const is = said.exec(after)?.[0];
  if (is !== undefined) return told(place, from + is.length, behindIs);
  const how = saidHow.exec(after)?.[0];
  if (how !== undefined) return told(place, from + how.length, behindColon);
  const inside = inParentheses.exec(after)?.[0];
  if (inside !== undefined) {
    const start = from + inside.length;
    const end = start + (/^[^\s()]{1,100}(?=\))/.exec(place.text.slice(start, start + 110))?.[0].length ?? 0);
    const value = place.text.slice(start, end);
    return end > start && !isOrdinary(value) && !isNoSecret(value) && toldBehind.test(place.text.slice(end + 1, end + 80))
      ? { start, end }
      : undefined;
  }
  const whose = saidOf.exec(after)?.[0];
  if (whose !== undefined && phraseWord.test(word)) return phraseAt(place.text, from + whose.length);
  if (whose !== undefined) return told(place, from + whose.length, /[:=]\s{0,3}$/u.test(whose) ? behindColon : behindIs);
  const gap = /^[ \t\u00a0\u202f]{1,3}/.exec(after)?.[0];
  if (gap === undefined) return undefined;
  return told(place, from + gap.length, (value, behind) => isToldBare(value, behind, place.before));
}

/** « mot de passe tournesol » alone: what stands behind it or before it, or its look, says that it is the password. */
function isToldBare(value: string, behind: string, before: string): boolean {
  if (isOrdinary(value)) return false;
  if (toldBehind.test(behind)) return true;
  const ends = endOfClause.test(behind);
  const tried = triedBefore.test(before);
  return looksMadeUp(value) ? tried || ends : ends && !isSaidOfOne(value) && (tried || userBefore.test(before));
}

const article = /^(?:la|le|les|l['’].*|the|a|an|un|une|des|my|mon|ma|der|die|das|el|il|lo)$/i;

function phraseAt(text: string, start: number): Span | undefined {
  const { length = 0 } = wholePhrase.exec(text.slice(start, start + 200))?.[0].trimEnd() ?? "";
  const value = text.slice(start, start + length);
  const [first = ""] = value.split(/\s/, 1);
  if (length === 0 || isNoSecret(value) || complains(value)) return undefined;
  return article.test(first) || !isSaidOfOne(first) ? { start, end: start + length } : undefined;
}

function keySpans(text: string, values: ValueReader): Span[] {
  return [...text.matchAll(keyWord)].flatMap((found) => {
    const span = values.valueAt(found.index + found[0].length);
    const behind = text.slice(span.end, span.end + 80);
    return isMadeKey(headOf(text, span)) && (toldBehind.test(behind) || endOfClause.test(behind)) ? [span] : [];
  });
}

/** Spans of passwords and keys that prose tells, in order and apart from each other. Linear in the text. */
export function findToldSecrets(text: string): Span[] {
  const lower = text.toLowerCase();
  const keys = ["key", "token", "jeton", "clé", "cle "].some((word) => lower.includes(word)) ? keySpans(text, readValues(text)) : [];
  const passwords = stems.some((stem) => lower.includes(stem)) ? passwordSpans(text) : [];
  const apart: Span[] = [];
  for (const span of [...keys, ...passwords].sort((a, b) => a.start - b.start))
    if (span.start >= (apart.at(-1)?.end ?? 0)) apart.push(span);
  return apart;
}

function passwordSpans(text: string): Span[] {
  const spans: Span[] = [];
  const values = readValues(text);
  for (const found of text.matchAll(passwordWord)) {
    if (found.index < (spans.at(-1)?.end ?? 0)) continue;
    const before = text.slice(Math.max(0, found.index - 60), found.index);
    const told = toldAt({ text, before, values }, found.index + found[0].length, found[0]);
    const span = told ?? madeUpBeside(text, found.index, found.index + found[0].length);
    if (span !== undefined && span.end > span.start && span.start >= (spans.at(-1)?.end ?? 0)) spans.push(span);
  }
  return spans;
}
