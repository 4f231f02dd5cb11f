import { foldInPlace, foldText } from "../fold-text.js";
import { isIdentifier } from "./identifiers.js";
import type { NameIndex } from "./name-index.js";
import { wordsOf, type Entry } from "./names.js";

/** A part of a question between quotation marks; `start` and `end` hold the marks, `text` does not. */
export type Quotation = { readonly start: number; readonly end: number; readonly text: string };

/** What closes each mark. The single ones close where no letter follows: the apostrophe of 'l'hôte n'existe pas' closes nothing. */
const closers: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["«", "»"],
  ["“", "”"],
  ["„", "“”"],
  ["`", "`"],
  ["'", "'’"],
  ["‘", "’'"],
  ["’", "’'"],
]);
const single = /['‘’]/;
const spelling = /[\p{L}\p{N}]/u;

/** The quotations of a text in its order; none of them holds another. A text that is quoted as a whole is not a quotation. Linear. */
export function quotationsIn(text: string): Quotation[] {
  const found: Quotation[] = [];
  const unclosed = new Set<string>();
  for (let start = 0; start < text.length; start++) {
    const mark = text[start] as string;
    const closing = closers.get(mark);
    if (closing === undefined || unclosed.has(mark)) continue;
    if (single.test(mark) && spelling.test(text[start - 1] ?? "")) continue;
    const end = endOf(text, start, closing, single.test(mark));
    if (end === undefined) unclosed.add(mark);
    else {
      const inside = text.slice(start + 1, end - 1).trim();
      if (inside !== "") found.push({ start, end, text: inside });
      start = end - 1;
    }
  }
  return found.filter(({ start, end }) => end - start < text.trim().length - 1);
}

function endOf(text: string, start: number, closing: string, isSingle: boolean): number | undefined {
  for (let at = start + 1; at < text.length; at++)
    if (closing.includes(text[at] as string) && !(isSingle && spelling.test(text[at + 1] ?? ""))) return at + 1;
  return undefined;
}

/** Longer quotations are sought by nobody: a pattern of them narrows nothing any more. */
export const longestQuotation = 499;
/** A longer one is a text, wherever it stands. */
export const longestQuotedName = 120;

/**
 * What a quotation is: the `text` of errors, whatever it looks like, or a `name`, where it is exactly one of the data or stands where the
 * question names a pipeline. `known` are the names that it is exactly, but for case, accents and separators.
 */
export type QuotedPart = Quotation & { readonly role: "name" | "text"; readonly known: readonly Entry[] };

/** "avec", "containing", "le message": what stands behind such words is what an error says. */
const textCue =
  /(?:^|[^\p{L}])(?:avec|with|contain\p{L}*|contien\p{L}*|contenant|compren\p{L}*|compris|includ\p{L}*|mention\p{L}*|evoqu\p{L}*|match\p{L}*|text\p{L}*|messages?|words?|mots?|strings?|chaines?|say\p{L}*|dit|disant|quot\p{L}*|cit\p{L}*)(?: l'| (?:le|la|les|un|une|the|a|an|text|texte|string|chaine|word|mot|words|mots|message|error|erreur)(?= |$))*[\s:]*$/u;
const errorCue =
  /(?:^|[^\p{L}])(?:erreurs?|errors?|exceptions?|plantages? (?:a cause|du fait)|similaires?|semblables?|similar|like|comme|vue?s?|seen)(?: (?:de|d'|du|des|of|from|to|a|au|type|the|le|la|l'))*[\s:]*$/u;
const compared = /(?:^|[^\p{L}])(?:compar\p{L}*|versus|vs|entre|between)(?!\p{L})/u;
/** "dont le nom contient", "pipelines starting with", "le pipeline appelé": a part of names. */
const namePart =
  /(?:(?:noms?|names?|pipelines?|jobs?|flux|flows?)(?: (?:qui|that|which|de))? (?:contien\p{L}*|contenant|contain\p{L}*|comport\p{L}*|commenc\p{L}* par|debut\p{L}* par|start\p{L}* with|begin\p{L}* with|(?:finiss|termin)\p{L}* par|end\p{L}* with)|appelle?\p{L}*|nommee?s?|named|called)\s*$/u;
const marker =
  /(?:^|[^\p{L}])(?:pipelines?|jobs?|flux|flows?|dags?|workflows?|traitements?|projets?|projects?|repos?|sites?|checks?|technos?)\s*$/u;
const preposition = /(?:^|[^\p{L}])(?:de|d'|du|des|of|for|pour|sur|on|in|dans|chez|did|does|has|is|status|statut|etat)\s*$/u;

export function readQuotations(text: string, index: NameIndex): QuotedPart[] {
  const folded = foldInPlace(text);
  const written = quotationsIn(text).map((quotation): QuotedPart => {
    const before = folded.slice(Math.max(0, quotation.start - cueLength), quotation.start);
    const known = namesSpelt(quotation.text, index);
    return { ...quotation, known, role: roleOf(quotation.text, { before, mark: text[quotation.start] as string, known }) };
  });
  const said = [containedName, containedIdentifier]
    .flatMap((pattern) => [...folded.matchAll(pattern)])
    .flatMap((found): QuotedPart[] => {
      const { 0: whole, index: start } = found;
      const part = { start, end: start + whole.length, text: text.slice(start, start + whole.length) };
      const known = namesSpelt(part.text, index);
      return (known.length === 0 && found.groups?.["identifier"] === undefined) ||
        written.some((other) => start < other.end && part.end > other.start)
        ? []
        : [{ ...part, known, role: "text" }];
    });
  const named = said.filter((part, place) => !said.slice(0, place).some(({ start, end }) => start < part.end && end > part.start));
  const codes = [...text.matchAll(bracketed)].flatMap(({ 0: whole, 1: code = "", index: start }): QuotedPart[] => {
    const part = { start, end: start + whole.length, text: code };
    const met = [...written, ...named].some((other) => start < other.end && part.end > other.start);
    return met || namesSpelt(code, index).length > 0 ? [] : [{ ...part, known: [], role: "text" }];
  });
  return [...written, ...named, ...codes].sort((a, b) => a.start - b.start);
}
/** "[E-4711]", "[40001]": a code as errors write it, and neither a date nor a clock time. */
const bracketed = /\[(?!\d{4}-\d|\d{1,2}[:/hH])((?=[^\]]*\d)[\p{L}\p{N}][\p{L}\p{N}_.-]{2,40})\]/gu;
/** "errors mentioning topic orders-eu": of the words behind, the one that only an error can mean. */
const containedIdentifier =
  /(?<=(?<!\p{L})(?:erreurs?|errors?|messages?|textes?|texts?|echecs?|failures?) (?:qui |that |which )?(?:contien\p{L}{1,6}|contenant|contain\p{L}{0,5}|mention\p{L}{0,6}) (?:(?:le|la|les|the|l') ?)?\p{L}{2,20} )(?<identifier>[\p{L}\p{N}]{1,40}(?:[-_./]+[\p{L}\p{N}]{1,40}){1,8})(?![\p{L}\p{N}])/gu;
/** "erreurs contenant orders", "errors that mention spark": as a quotation there. */
const containedName =
  /(?<=(?<!\p{L})(?:erreurs?|errors?|messages?|textes?|texts?|echecs?|failures?) (?:qui |that |which )?(?:contien\p{L}{1,6}|contenant|contain\p{L}{0,5}|mention\p{L}{0,6}) (?:le mot |the word |le texte |the text )?)[\p{L}\p{N}][\p{L}\p{N}_./-]{0,80}(?![\p{L}\p{N}])/gu;
/** What is looked at before a quotation, in characters. */
const cueLength = 60;

function roleOf(quoted: string, { before, mark, known }: { before: string; mark: string; known: readonly Entry[] }): QuotedPart["role"] {
  if (quoted.length > longestQuotedName) return "text";
  if (namePart.test(before) || marker.test(before)) return "name";
  const told = textCue.test(before) && !compared.test(before);
  if (known.length > 0) return told ? "text" : "name";
  if (told || errorCue.test(before)) return "text";
  // `order-daly`, failures of "job-42": where a name would stand, and spelt like one.
  return (mark === "`" || preposition.test(before)) && !/\s/.test(quoted) && isIdentifier(quoted) ? "name" : "text";
}

/** The names that a text is exactly, but for case, accents and separators. */
function namesSpelt(text: string, { byKey }: NameIndex): readonly Entry[] {
  const folded = foldText(text).trim();
  const alike = byKey.get(keyOf(text)) ?? [];
  const separated = (name: string) =>
    wordsOf(name)
      .map((word) => word.text)
      .join(" ");
  return alike.filter(({ name }) => foldText(name).trim() === folded || (separated(name) === separated(text) && isSpelt(text)));
}
const keyOf = (text: string): string =>
  wordsOf(text)
    .map((word) => word.text)
    .join("");
/** Of letters, figures and single separators. */
const isSpelt = (text: string): boolean => /^[\p{L}\p{N}\p{Mn}]+(?:[\s\-_./]+[\p{L}\p{N}\p{Mn}]+)*$/u.test(text);
