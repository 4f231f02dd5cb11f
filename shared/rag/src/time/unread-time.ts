import { canFollowDay, isVersion } from "./parse-date.js";
import { phrase, wordAt, words } from "./token-reader.js";
import { type Token, spokenNumber } from "./tokenize.js";
import { isPluralDay, isShortDay, isUncertainMonth, monthOf, unitOf, weekdayNamed } from "./vocabulary.js";

/** Words that speak of time whatever stands beside them. */
const strong = words(
  "hier yesterday aujourdhui today demain tomorrow avanthier apresdemain depuis matin soir apresmidi nuit nuits nights evenings mornings soirs tonight overnight weekend trimestre trimestres quarter quarters semestre lendemain surlendemain ago fortnight quinzaine ete hiver printemps automne summer winter autumn noel christmas paques easter toussaint ramadan vacances holidays midnight minuit decennie decade siecle century epoque ouvrees ouvrables ouvres aube dawn dusk crepuscule reveillon ferie feries ouvrable ouvree lunch lunchtime dejeuner eod cob eob eow eom",
);
const lastWords = words("derniere last past passe precedent prochain ce cet cette this ces");
const recurring = words("par per by each every chaque");
const openers = words("since avant before apres after until jusqu entre between pendant during");
/** After these a unit is no period: "durée en minutes", "how many days". */
const measuring = words("combien many nombre number en in of quel quelle which what");

/**
 * What a question says about time outside the windows that were read, as it was written. Told to the user, because a phrase
 * about time that is passed over would answer another question.
 */
export function findUnread(text: string, tokens: readonly Token[], consumed: ReadonlySet<number>, isAwayFromUtc: boolean): string[] {
  const found: string[] = [];
  for (let index = 0; index < tokens.length; index++) {
    if (consumed.has(index)) continue;
    // "à 14:05 UTC" was read as a reading of the local clock.
    const elsewhere = isAwayFromUtc && consumed.has(index - 1) && /^(utc|gmt)$/.test(wordAt(tokens, index));
    const vague = elsewhere ? index + 1 : (vagueTime(tokens, index) ?? alteredTime(tokens, index, consumed));
    if (vague !== undefined) {
      found.push(text.slice(tokens[index]?.start, tokens[vague - 1]?.end).trim());
      index = vague - 1;
      continue;
    }
    if (!speaksOfTime(tokens, index, consumed)) continue;
    let first = index;
    while (first > 0 && !consumed.has(first - 1) && leads(tokens, first - 1) && index - first < 4) first -= 1;
    let last = index;
    while (last + 1 < tokens.length && !consumed.has(last + 1) && last - index < 4 && belongs(tokens, last + 1)) last += 1;
    found.push(text.slice(tokens[first]?.start, tokens[last]?.end).trim());
    index = last;
  }
  return found;
}

const vagueOpeners = words("ces l the these il small wee petites quelques few several plusieurs");

/** The index behind a time that no one could put dates to: "ces derniers temps", "the other day", "il y a quelques jours". */
function vagueTime(tokens: readonly Token[], index: number): number | undefined {
  const word = wordAt(tokens, index);
  if (!vagueOpeners.has(word) && !lastWords.has(word)) return undefined;
  const fixed = phrase(
    tokens,
    index,
    "ces derniere temps",
    "ces temps ci",
    "ces temps",
    "ces jours ci",
    "ces jours",
    "l autre jour",
    "the other day",
    "the other nuit",
    "these days",
    "il y a peu",
    "small hours",
    "wee hours",
    "petites heures",
  );
  if (fixed !== undefined) return fixed;
  const last = lastWords.has(wordAt(tokens, index)) ? index + 1 : index;
  const behind = wordAt(tokens, last + 1) === "derniere" ? last + 2 : last + 1;
  if (!/^(quelques|few|several|plusieurs)$/.test(wordAt(tokens, last)) || unitOf(wordAt(tokens, behind)) === undefined) return undefined;
  const led = last > index || behind > last + 1 || phrase(tokens, index - 3, "il y a") === index;
  return led ? behind + 1 : undefined;
}

const links = words("de la le l du of the in on d dans au");
const verbs = words("ran run runs running was were is are start starts started end ends ended finish finished finishes too plus so trop");

/** "au milieu de la nuit", "tôt ce matin", "early yesterday": a part of the time behind it that was not read. */
function alteredTime(tokens: readonly Token[], index: number, consumed: ReadonlySet<number>): number | undefined {
  if (phrase(tokens, index, "this time") !== undefined && consumed.has(index + 2)) return index + 3;
  if (!/^(milieu|middle|tot|early)$/.test(wordAt(tokens, index)) || verbs.has(wordAt(tokens, index - 1))) return undefined;
  let next = index + 1;
  while (links.has(wordAt(tokens, next)) && !consumed.has(next) && next - index < 4) next += 1;
  if (!consumed.has(next)) return undefined;
  while (links.has(wordAt(tokens, next)) && consumed.has(next + 1)) next += 1;
  return next + 1;
}

function speaksOfTime(tokens: readonly Token[], index: number, consumed: ReadonlySet<number>): boolean {
  const token = tokens[index] as Token;
  const word = wordAt(tokens, index);
  const previous = wordAt(tokens, index - 1);
  if (token.kind === "date" && isVersion(tokens, index)) return false;
  if (token.kind === "date")
    return (
      !token.weak || (token.text.includes("/") && token.text !== "24/7" && /^(le|du|au|on|since|depuis|from|entre|the)$/.test(previous))
    );
  if (token.kind === "clock")
    return token.half !== undefined || token.text.includes(":") || /^(a|at|vers|depuis|since|avant|before|apres|after)$/.test(previous);
  if (token.kind === "week" || token.kind === "offset") return true;
  if (token.kind !== "word") return false;
  if (recurring.has(previous))
    return /^(nuit|matin|soir)$/.test(word) && previous !== "par" && previous !== "per" && previous !== "by"
      ? true
      : weekdayNamed(word) !== undefined && !isShortDay(word);
  if (word === "ete") return /^(l|cet|en|d|prochain)$/.test(previous); // otherwise "été" is a participle
  if (/^(business|working|office)$/.test(word)) return /^(hours?|days?)$/.test(wordAt(tokens, index + 1));
  // "depuis plus de 2 h": how long, and no time.
  if (word === "depuis" && /^(plus|moins|more|over|less|au)$/.test(wordAt(tokens, index + 1))) return false;
  if (word === "dans" && isAmount(tokens, index + 1)) return true;
  // "d'ici 2 jours": to come. "tout à l'heure": no one knows when.
  if (word === "ici" && isAmount(tokens, index + 1)) return true;
  if (word === "heure" && wordAt(tokens, index - 1) === "l" && wordAt(tokens, index - 2) === "a" && wordAt(tokens, index - 3) === "tout")
    return true;
  if (/^(pendant|durant|during|while)$/.test(word) && isEvent(tokens, index + 1)) return true;
  if (isBareRange(tokens, index) || isHalfRange(tokens, index, consumed)) return true;
  if (word === "ouvre") return previous === "jour";
  // "a quarter of the jobs", "une quinzaine de jobs": how many.
  if (/^(quarter|quinzaine)$/.test(word) && isShare(tokens, index)) return false;
  if (word === "depuis" && /^(quand|when|combien)$/.test(wordAt(tokens, index + 1))) return false;
  if (word === "ago" && wordAt(tokens, index - 2) === "how") return false;
  if (strong.has(word)) return true;
  if (weekdayNamed(word) !== undefined && !isShortDay(word)) return true;
  if (isPluralDay(word)) return true;
  const number = (at: number) => tokens[at]?.kind === "number";
  if (monthOf(word) !== undefined) return !isUncertainMonth(word) || number(index - 1) || number(index + 1) || /^(le|en)$/.test(previous);
  if (unitOf(word) === "weeks" && word.length > 3 && number(index + 1)) return true;
  if (unitOf(word) !== undefined && word.length > 1 && !measuring.has(previous)) return lastWords.has(previous) && !consumed.has(index - 1);
  if (word === "longtemps" || (word === "long" && wordAt(tokens, index + 1) === "ago" && previous !== "how")) return true;
  if (word === "since") return wordAt(tokens, index + 1) !== "when";
  return (
    openers.has(word) &&
    ((number(index + 1) &&
      !/^(after|apres)$/.test(word) && // "timeout after 30 minutes" says how long
      unitOf(wordAt(tokens, index + 2)) !== undefined) ||
      unitOf(wordAt(tokens, index + 1)) !== undefined ||
      quantity(tokens, index + 1))
  );
}

/** "dans 2 jours": what has not been yet. */
const isAmount = (tokens: readonly Token[], index: number): boolean => {
  const [token, word] = [tokens[index], wordAt(tokens, index + 1)];
  return token?.kind === "clock" || (token?.kind === "number" && word.length > 1 && unitOf(word) !== undefined);
};

/** "during the outage", "pendant la migration": a time that only people know. */
function isEvent(tokens: readonly Token[], index: number): boolean {
  const at = /^(le|la|les|l|the|our|notre|un|une|a|cette|ce|that|this)$/.test(wordAt(tokens, index)) ? index + 1 : index;
  const token = tokens[at];
  return at > index && token?.kind === "word" && unitOf(token.text) === undefined;
}

/** "between 9 and 5" with nothing counted behind it. */
function isBareRange(tokens: readonly Token[], index: number): boolean {
  const [first, second] = [tokens[index + 1], tokens[index + 3]];
  return (
    /^(entre|between)$/.test(wordAt(tokens, index)) &&
    /^(et|and)$/.test(wordAt(tokens, index + 2)) &&
    first?.kind === "number" &&
    second?.kind === "number" &&
    Math.max(first.value, second.value) <= 24 &&
    (tokens[index + 4] === undefined || canFollowDay(tokens, index + 4))
  );
}

function isShare(tokens: readonly Token[], index: number): boolean {
  if (phrase(tokens, index, "quarter to half") !== undefined) return true;
  const noun = phrase(tokens, index, "quarter of the", "quarter of all", "quarter of", "quinzaine de", "quinzaine d");
  const named = wordAt(tokens, noun ?? index);
  return noun !== undefined && named !== "" && unitOf(named) === undefined && monthOf(named) === undefined && !lastWords.has(named);
}

/** "entre le dix et le douze juillet" of which only the end was read. */
function isHalfRange(tokens: readonly Token[], index: number, consumed: ReadonlySet<number>): boolean {
  if (!/^(entre|between)$/.test(wordAt(tokens, index))) return false;
  const joiner = [2, 3].find((step) => /^(et|and)$/.test(wordAt(tokens, index + step)));
  if (joiner === undefined || !consumed.has(index + joiner + 1)) return false;
  return spokenNumber(tokens[index + joiner - 1]) !== undefined && !consumed.has(index + joiner - 1);
}

/** "depuis quelques jours", "a few days ago", "pendant longtemps". */
const quantity = (tokens: readonly Token[], index: number): boolean =>
  /^(quelques|quelque|few|several|plusieurs|longtemps|long)$/.test(wordAt(tokens, index));

function leads(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index] as Token;
  return (
    token.kind === "number" ||
    /^(le|la|les|l|tout|ce|cet|cette|ces|the|this|tous|toutes|every|each|chaque|a|fin|debut|few|quelques|il|y|a|last|past|derniere|next|prochain|early|late|mid|mi|du|des|plusieurs|several)$/.test(
      wordAt(tokens, index),
    ) ||
    monthOf(wordAt(tokens, index)) !== undefined ||
    (wordAt(tokens, index).length > 1 && unitOf(wordAt(tokens, index)) !== undefined)
  );
}

function belongs(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index] as Token;
  const word = wordAt(tokens, index);
  return (
    token.kind === "number" ||
    token.kind === "clock" ||
    token.kind === "date" ||
    (token.kind === "word" && /^(hours?|huit)$/.test(word)) ||
    strong.has(word) ||
    weekdayNamed(word) !== undefined ||
    monthOf(word) !== undefined ||
    unitOf(word) !== undefined ||
    /^(derniere|last|passe|prochain|next|le|la|les|the|de|du|d|l|of|outage|incident|maintenance|panne|migration|coupure|downtime|deployment|deploiement|quelques|few|several|plusieurs|et|and|longtemps|long|ago|a|au|to)$/.test(
      word,
    )
  );
}
