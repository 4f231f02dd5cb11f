import type { Span } from "./redact-span.js";

/**
 * A word that nobody writes but as a secret, somewhere in the sentence that names a password: « j'ai remis Pa$$age2025 comme mot de passe »,
 * "the provisional pw Tulipe77xk". Names of hosts, files, codes, versions and times are what else has letters and figures.
 */

/** How far from the password's word such a word is sought, on both sides, in characters. */
const reach = 90;
const endOfSentence = /[.!?]\s|[\n\r|]/u;
const candidate = /(?<![^\s"'«“‘(=>,])[^\s"'»”’«“‘()<>,]{8,48}(?![^\s"'»”’).,;:!?])/gu;

const hasLetter = /\p{L}/u;
const hasFigure = /\d/;
/** Marks that stand in passwords and seldom in names. */
const hasMark = /[!$#%&*?^~+;]|@(?!.{0,40}\.\p{L}{2})/u;
const mixesCase = /\p{Ll}.*\p{Lu}|\p{Lu}.*\p{Ll}/u;

const isOfAnotherKind = (word: string): boolean =>
  /[/\\=:]|^--?\w|^[$%{[]|@[\w-]{1,60}\.\w|\.\w{1,5}$|\(\)|^\w{1,30}\[/u.test(word) || // paths, settings, options, variables, addresses, files, calls
  /^(?:\p{Lu}{2,10}[-_]?)\d{2,8}$|^\p{L}{1,20}#\d+$|^0x/u.test(word) || // ORA-28001, AADSTS50126
  /^v?\d+(?:\.\d+)+/u.test(word) || // versions, IP addresses
  /^\d[\d.,:hTZ/-]*(?:\p{L}{1,3})?$/u.test(word) || // times, sizes
  /^[\da-f-]{8,64}$/iu.test(word) || // digests, UUIDs
  /^\p{Lu}?\p{Ll}+\d{1,2}$/u.test(word) || // Windows11
  /^(?:\p{Lu}?\p{Ll}*(?:OAuth|SQL|DB|JSON|XML|HTTP|API|SSL|TLS|SHA|MD|UTF|AES|RSA)\p{L}*[-_]?\d{0,4}\p{Ll}?)$/u.test(word); // PostgreSQL14

const isMadeUp = (word: string): boolean =>
  hasLetter.test(word) && hasFigure.test(word) && (hasMark.test(word) || mixesCase.test(word)) && !isOfAnotherKind(word);

/** JobLoad2Stage: words that begin with a capital, as programs write names. */
const isComposed = (word: string): boolean => /\p{Lu}[\p{Ll}\d]*\p{Ll}{2}[\p{Ll}\d]*\p{Lu}\p{Ll}/u.test(word);
/** What introduces a secret that has no marks of its own: a mark, what is done with it, or its own word with one more. */
const given = "remis|mis|use|using|utiliser|utilisez|essay\\p{L}{1,3}|tried|trying|typed|tap\\p{L}{1,2}";
const ends = "word|passe|mdp|pwd|wort|phrase|senha|clave|contrase[nñ]a|parola";
const introduces = new RegExp(`(?:[,(:"'«“]\\s?|(?<!\\p{L})(?:${given})\\s|(?:${ends})\\s(?:\\p{Ll}{3,14}\\s)?)$`, "iu");

/** Behind these words stands the name of something. */
const things = [
  "users?|username|login|utilisateur|compte|account|benutzer|usuario|utente|realm|domaine?",
  "h[oô]te|host|serveur|server|instance|cluster|conn[ex]{1,2}ion",
  "base|database|sch[eé]ma|table|colonne|column|champ|field|fichier|file",
  "job|pipeline|flux|task|version|classe?|ticket|incident",
].join("|");
const named = new RegExp(`(?:${things})\\s?[:=]?\\s{0,2}["'«“]?\\s?$`, "iu");

/** The first such word of the sentence around `start` to `end`, behind it before in front of it; undefined where there is none. Of bounded cost. */
export function madeUpBeside(text: string, start: number, end: number): Span | undefined {
  const after = text.slice(end, end + reach);
  const before = text.slice(Math.max(0, start - reach), start);
  const stop = after.search(endOfSentence);
  const begin = [...before.matchAll(new RegExp(endOfSentence, "gu"))].at(-1);
  const beginsAt = begin ? begin.index + begin[0].length : 0;
  return (
    firstIn(text, end, stop === -1 ? after : after.slice(0, stop + 1)) ??
    firstIn(text, start - before.length + beginsAt, before.slice(beginsAt))
  );
}

function firstIn(text: string, offset: number, part: string): Span | undefined {
  if (!hasFigure.test(part) || part.includes("<SECRET_")) return undefined; // one secret a sentence: it is hidden already
  for (const found of part.matchAll(candidate)) {
    const word = found[0].replace(/[.;:!?]{1,3}$/u, "");
    const at = offset + found.index;
    const before = text.slice(Math.max(0, at - 30), at);
    if (!isMadeUp(word) || named.test(before)) continue;
    if (hasMark.test(word) || (!isComposed(word) && introduces.test(before))) return { start: at, end: at + word.length };
  }
  return undefined;
}
