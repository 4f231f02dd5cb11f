import type { Language } from "@flow-rag/contracts";
import type { Grounds, Violation } from "./grounds.js";
import type { KnownClaims } from "./known-claims.js";
import type { Token } from "./tokens.js";

const quantifiers: Record<Language, RegExp> = { fr: /^(?:tous|toutes|toute|tout|chaque)$/, en: /^(?:all|every|each|both|most)$/ };
/** Words between "all" and what it is all of. */
const between: Record<Language, RegExp> = {
  fr: /^(?:les?|la|l|ces?|cette|nos|leurs?|de|du|des|d)$/,
  en: /^(?:of|the|these|those|our|its|their)$/,
};
/** "12 échecs en tout" is a total. */
const totals = /^(?:en|au|avant|apres|of|in|at|after|above|over)$/;

/** What compares with all that ever was: "la première fois", "mieux que d'habitude". */
const comparisons: Record<Language, { readonly pairs: readonly (readonly [RegExp, RegExp])[]; readonly words: RegExp }> = {
  fr: {
    pairs: [[/^premieres?$/, /^fois$/]],
    words: /^(?:mieux|pire|pires|meilleure?s?)$/,
  },
  en: { pairs: [[/^first$/, /^times?$/]], words: /^(?:better|worse|best|worst)$/ },
};

/** What says that runs followed each other without another between them. */
const inARow: Record<Language, RegExp> = {
  fr: /^(?:de suite|d affilee|(?:\S+ )?(?:consecuti(?:f|fs|ve|ves|vement)|successi(?:f|fs|ve|ves|vement)))$/,
  en: /^(?:a row|(?:\S+ )?(?:consecutive|consecutively|successive|successively|straight))$/,
};
/** Tokens before it among which its number is. */
const numberWithin = 4;

/** "Tous les pipelines ont échoué": that something holds for all of a kind is said only where what is true says so of the same. */
export function checkQuantifiers(tokens: readonly Token[], known: KnownClaims, { language }: Grounds): Violation[] {
  const said = (some: readonly Token[]) => [
    ...spokenOf(some, language),
    ...comparedIn(some, language),
    ...rowsIn(some, language),
    ...endsIn(some),
  ];
  const proven = new Set(known.sentences.flatMap((sentence) => said(sentence.tokens).map(({ key }) => key)));
  return said(tokens)
    .filter(({ key }) => !proven.has(key))
    .map(({ key }) => ({
      check: "claim",
      text: language === "fr" ? `Les faits ne disent pas « ${key} ».` : `The facts do not say "${key}".`,
    }));
}

function comparedIn(tokens: readonly Token[], language: Language): { key: string }[] {
  const { pairs, words } = comparisons[language];
  return tokens.flatMap((token, index) => {
    const next = tokens[index + 1];
    if (token.is !== "word") return [];
    if (words.test(token.text)) return [{ key: token.text }];
    const together = next?.is === "word" && pairs.some(([a, b]) => a.test(token.text) && b.test(next.text));
    return together ? [{ key: `${token.text} ${next.text}${isDated(tokens, index + 2) ? " …" : ""}` }] : [];
  });
}

/** "3 fois de suite", with its number: three times is no proof of three in a row. */
function rowsIn(tokens: readonly Token[], language: Language): { key: string }[] {
  return tokens.flatMap((token, index) => {
    const before = tokens[index - 1];
    if (token.is !== "word") return [];
    const pair = `${before?.is === "word" ? before.text : ""} ${token.text}`.trim();
    if (!inARow[language].test(pair)) return [];
    const number = tokens.slice(Math.max(index - numberWithin, 0), index).findLast(({ is }) => is === "number");
    return [{ key: `${number?.is === "number" ? `${number.value} ` : ""}${token.text}` }];
  });
}

/** "les 45 dernières", "the last 45": which end of a list is shown. */
function endsIn(tokens: readonly Token[]): { key: string }[] {
  return tokens.flatMap((token, index) => {
    if (token.is !== "word" || !/^(?:premier|dernier|premiere|derniere|premiers|derniers|premieres|dernieres|first|last)$/.test(token.text))
      return [];
    const number = [tokens[index - 1], tokens[index + 1]].find((beside) => beside?.is === "number");
    return number?.is === "number" ? [{ key: `${number.value} ${token.text}` }] : [];
  });
}

/** "première fois le 5 mai" says when something was seen first, and not that it never was before. */
function isDated(tokens: readonly Token[], from: number): boolean {
  const next = tokens
    .slice(from, from + 3)
    .find((token) => token.is !== "word" || !/^(?:le|the|on|a|at|in|en|was|etait|seen|vu|vue)$/.test(token.text));
  return next?.is === "date" || next?.is === "clock" || next?.is === "period";
}

function spokenOf(tokens: readonly Token[], language: Language): { key: string }[] {
  return tokens.flatMap((token, index) => {
    if (token.is !== "word" || !quantifiers[language].test(token.text)) return [];
    let next = index + 1;
    for (let word = tokens[next]; word?.is === "word" && between[language].test(word.text); word = tokens[next]) next += 1;
    const [before, after] = [tokens[index - 1], tokens[next]];
    if (next === index + 1 && before?.is === "word" && totals.test(before.text) && after?.is !== "word") return [];
    const of = after?.is === "word" ? after.text : after?.is === "number" ? String(after.value) : after?.is === "name" ? after.name : "";
    return [{ key: `${token.text} ${of}`.trim() }];
  });
}
