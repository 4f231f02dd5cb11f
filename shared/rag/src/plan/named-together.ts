import { foldText } from "../fold-text.js";
import { commonWords } from "./common-words.js";
import { containsRun } from "./nearest-name.js";
import { wordsOf, type Entry, type NameMatch } from "./names.js";

const quoteMark = String.raw`["«»“”\x60']?\s?`;
/** "dont le nom contient orders", "pipelines qui commencent par crm", "jobs starting with stock". */
const spokenPattern = new RegExp(
  String.raw`(?<!\p{L})(?:dont (?:le nom|les noms) |whose names? |(?:pipelines?|jobs?|flux|flows?) (?:qui |that |which )?)(contien\w+|contenant|contains?|containing|comport\w+|commenc\w+ par|debut\w+ par|(?:starts?|starting|begins?|beginning) with|(?:finiss\w+|termin\w+) par|(?:ends?|ending) with|(?:s'appell\w+|nommes?|named|called))\s+${quoteMark}([\p{L}\p{N}][\p{L}\p{N}_./-]*)`,
  "gu",
);
const globPattern = /(?<![\p{L}\p{N}*])(?:[\p{L}\p{N}][\p{L}\p{N}_./-]*\*|\*[\p{L}\p{N}_./-]*[\p{L}\p{N}]\*?)(?![\p{L}\p{N}*])/gu;
/** A whole part of several names behind a plural: "les pipelines orders". */
const pluralPattern = /(?<!\p{L})(?:pipelines|jobs|flux|flows|dags|workflows)\s+([\p{L}\p{N}]+)(?![\p{L}\p{N}_./-])/gu;

/** Several names of pipelines that are said at once. Only patterns that fit one name at least are taken for one. */
export function namedTogether(text: string, entries: readonly Entry[]): NameMatch[] {
  const pipelines = entries.filter(({ kind }) => kind === "pipeline");
  const folded = foldText(text);
  if (folded.length !== text.length) return [];
  const found = (start: number, end: number, fits: (entry: Entry) => boolean): NameMatch[] =>
    pipelines.filter(fits).map(({ kind, name }) => ({ kind, name, text: text.slice(start, end), start, end, certain: true, near: [] }));
  const spoken = first(folded.matchAll(spokenPattern)).flatMap(({ 0: whole, 1: how = "", 2: part = "", index }) => {
    const place = [index + whole.length - part.length, index + whole.length] as const;
    const key = keyOf(part);
    if (/contien|contain|contenant|comport|appell|nomme|named|called/.test(how)) return found(...place, (entry) => entry.key.includes(key));
    return found(...place, (entry) => (/finiss|termin|end/.test(how) ? entry.key.endsWith(key) : entry.key.startsWith(key)));
  });
  const globs = first(folded.matchAll(globPattern)).flatMap(({ 0: glob, index }) => {
    const key = keyOf(glob);
    if (key.length < 2) return [];
    const [open, close] = [glob.startsWith("*"), glob.endsWith("*")];
    return found(index, index + glob.length, (entry) =>
      open && close ? entry.key.includes(key) : open ? entry.key.endsWith(key) : entry.key.startsWith(key),
    );
  });
  const plurals = first(folded.matchAll(pluralPattern)).flatMap(({ 0: whole, 1: part = "", index }) => {
    if (commonWords.has(part) || part.length < 3) return [];
    const matches = found(index + whole.length - part.length, index + whole.length, (entry) => containsRun(entry.words, [part]));
    return matches.length > 1 ? matches : [];
  });
  const places = new Map<string, NameMatch[]>();
  return [...spoken, ...globs, ...plurals].filter((match) => {
    const others = places.get(match.name) ?? [];
    if (others.some(({ start, end }) => match.start < end && match.end > start)) return false;
    places.set(match.name, [...others, match]);
    return true;
  });
}

/** Ways to say several names that one question has: each may stand for all of the catalogue. */
const mostPatterns = 4;
const first = (found: Iterable<RegExpExecArray>): RegExpExecArray[] => [...found].slice(0, mostPatterns);

const keyOf = (part: string): string =>
  wordsOf(part)
    .map(({ text }) => text)
    .join("");
