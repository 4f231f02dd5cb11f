import { detectLanguage } from "../detect-language.js";
import type { Grounds, Violation } from "./grounds.js";

const activeContent: readonly (readonly [RegExp, fr: string, en: string])[] = [
  [/!\[|\]\s*\(|\]\s*:\s*\S+:/, "un lien ou une image", "a link or an image"],
  [/\b[a-z][a-z0-9+.-]*:\/\/|\b(?:javascript|vbscript|mailto|data|tel):\S|\bwww\./i, "une adresse", "an address"],
  [/<[^\s<>]|&(?:#\w+|[a-z]{2,8});|[<>]/i, "du balisage", "markup"],
  [/(?:^|\s)@\w|\(at\)\s*(?:channel|here|everyone)/i, "une mention", "a mention"],
  [/```|~~~|^\s*(?:#{1,6}\s|>|\|)/m, "un titre, un tableau ou du code", "a heading, a table or code"],
  [/[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u, "des caractères invisibles", "invisible characters"],
  [/(?![0-9])\p{N}/u, "des chiffres qui ne sont pas 0 à 9", "digits other than 0 to 9"],
  [/[{}\\|^~$#_=*]/, "des signes qui ne sont pas du texte", "signs that are no text"],
];

/** Text outside of names in backticks and of quotations. */
const prose = (text: string): string =>
  text
    .replace(/`[^`\n]*`/g, " ")
    .replace(/«[^«»\n]*»|“[^“”\n]*”|"[^"\n]*"/g, " ")
    .replace(/\*\*|\(=\)/g, "");

/** Characters that a text about these facts may have. */
export const longestText = (template: string): number => 800 + 2 * template.length;

/** No more than a text: nothing that a reader's program would follow, load, run or ring a bell for; not without end; in the right language. */
export function checkForm(text: string, { language, template, names }: Grounds): Violation[] {
  const found: Violation[] = [];
  const french = language === "fr";
  const longest = longestText(template);
  if (text.length > longest)
    found.push({ check: "form", text: french ? `Trop long : ${longest} caractères au plus.` : `Too long: at most ${longest} characters.` });
  let plain = prose(text);
  for (const name of Object.values(names).flat())
    if (/[^\p{L}\p{N}\s]/u.test(name) && plain.includes(name)) plain = plain.replaceAll(name, " ");
  const quoted = text.replace(/\n/g, " ");
  for (const [index, [pattern, fr, en]] of activeContent.entries()) {
    // Links, markup and mentions are looked for in quotations too: those of the template hold none.
    const where = index === 4 ? text : index < 4 ? (index === 2 ? plain : quoted) : index === 5 ? quoted : plain;
    if (pattern.test(index === 0 || index === 1 || index === 3 ? where.replace(/`[^`]*`/g, "x") : where))
      found.push({ check: "form", text: french ? `Le texte contient ${fr}.` : `The text holds ${en}.` });
  }
  if (!isWhole(plain) || !endsWhole(text, template))
    found.push({ check: "form", text: french ? "Le texte est coupé." : "The text is cut off." });
  const foreign = /[^\P{L}\p{Script=Latin}]/u.exec(plain);
  if (foreign)
    found.push({
      check: "language",
      text: french ? `« ${foreign[0]} » n'est pas une lettre latine.` : `"${foreign[0]}" is no Latin letter.`,
    });
  const unitless = plain.replace(/\d[\d.,\u00a0\u202f ]*(?:ms|min|[smhj])?(?!\p{L})/gu, " ");
  // Two words of the other language more than of ours: a lone "on" or "s" tells nothing.
  if (detectLanguage(`${unitless} ${french ? "le de" : "the of"}`) !== language)
    found.push({ check: "language", text: french ? "Le texte doit être en français." : "The text must be in English." });
  return found;
}

/**
 * A text that was cut between two words: some proxies end a stream that broke off as if it were done. Lines of the template end as they do;
 * any other text ends with its sentence.
 */
function endsWhole(text: string, template: string): boolean {
  const last = text.trimEnd().split("\n").at(-1)?.trim() ?? "";
  return /[.!?…](?:[»”")\s]|\[\d+\])*$|\[\d+\]$/.test(last) || template.split("\n").some((line) => line.trim() === last);
}

/** Every bracket and quotation mark has its other one. */
function isWhole(plain: string): boolean {
  let depth = 0;
  for (const [sign] of plain.replace(/^\s*\d{1,2}\)/gm, "").matchAll(/[()]/g)) {
    depth += sign === "(" ? 1 : -1;
    if (depth < 0) return false;
  }
  return depth === 0 && !/[`"«»“”]/.test(plain);
}
