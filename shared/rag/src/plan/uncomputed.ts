import { foldInPlace } from "../fold-text.js";
import type { QuestionReading } from "./question-reading.js";
import { statusPatterns } from "./status-words.js";

type Asked = { readonly compared: boolean; readonly soughtText: string | null };
/** `uncomputed`: a condition that no figure stands for; `several`: questions in one. As they are written. */
export type Uncomputed = { readonly kind: "uncomputed" | "several"; readonly text: string };

const negatedContents =
  /(?<!\p{L})(?:ne |n')(?:contien\p{L}*|mentionn\p{L}*|compren\p{L}*|evoqu\p{L}*|parl\p{L}*|comport\p{L}*) (?:pas|plus|ni)(?!\p{L})|(?<!\p{L})(?:(?:do|does|did|don't|doesn't|didn't)(?: not)?|not|never) (?<!do )(?<!does )(?<!did )(?:contain|mention|include|match|hold|say)(?:s|ing|ed)?(?!\p{L})|(?<!\p{L})(?:sans|without)(?: (?:le mot|la mention|the words?))? [^?!.]{2,60}? (?:dans (?:l'|leur |le |la |les )?|in (?:the |their |its )?)(?:erreurs?|errors?|messages?|textes?|texts?)(?!\p{L})/u;
/** "sauf les erreurs ORA-", "errors other than 'timeout'": stands right before the text that is left out. */
const leavingOut =
  /(?<!\p{L})(?:sauf|hors|hormis|excepte|autres? que|differentes? de|except(?: for)?|excluding|other than|apart from|but not|mais pas|sans compter)[\s:]*(?:(?:les?|la|ceux|celles|those|the|ones?|des?|d'|avec|with|erreurs?|errors?|failures?|echecs?|exceptions?|messages?|l'|code|type)[\s:]*)*[«“"'`([]?\s*$/u;
const totalTime =
  /(?<!\p{L})(?:temps (?:total|cumule)|durees? (?:totales?|cumulees?)|(?:somme|cumul|total) des (?:durees?|temps)|(?:total|cumulative|cumulated|overall|combined) (?:run ?|running |execution |processing )?(?:time|durations?)|sum of (?:the |all )?(?:durations?|run ?times)|(?:time|hours) spent|(?:temps|heures) passee?s?)(?!\p{L})/u;
const onBoth =
  /(?<!\p{L})(?:both|a la fois|les deux (?:jours|nuits|semaines|mois)|(?:two|both) (?:days|nights|weeks|months)|as well as|ainsi que|et aussi|and also)(?!\p{L})/u;
const notThen =
  /(?<!\p{L})(?:(?:mais |but |et |and )?(?:pas|not|non)|sauf|hors|hormis|excepte|except(?: for)?|excluding|without|sans)[\s,]*(?:(?:le|la|les|ceux|celles|those|du|de|d'|on|of|from|in|the|ones?)\s+)*$/u;

/**
 * What a question asks that the figures of a plan do not hold: an error that lacks a text, a total of durations, one period without another,
 * questions with a period or a name each. A figure without that part would answer another question, so none is given.
 */
export function uncomputed(reading: QuestionReading, { compared, soughtText }: Asked): Uncomputed[] {
  const { text, sought } = reading;
  const folded = foldInPlace(text);
  const found: Uncomputed[] = [negatedContents, totalTime].flatMap((pattern) => {
    const said = pattern.exec(folded);
    return said ? [{ kind: "uncomputed", text: text.slice(said.index, said.index + said[0].length) }] : [];
  });
  const at = soughtText === null ? -1 : (sought.find((each) => each.text === soughtText)?.start ?? text.indexOf(soughtText));
  const before = at < 0 ? null : leavingOut.exec(folded.slice(0, at));
  if (before && found.length === 0)
    found.push({ kind: "uncomputed", text: `${text.slice(before.index, at).replace(/[\s«“"'`([]+$/u, "")} ${soughtText ?? ""}` });
  if (!compared) found.push(...periodsApart(reading, folded), ...severalAsked(reading, folded));
  return found;
}

/** "hier, pas avant-hier", "both on the 27th and on the 28th": neither is what happened in the two periods together. */
function periodsApart({ text, time }: QuestionReading, folded: string): Uncomputed[] {
  const [first, second] = time.windows;
  if (!first || !second) return [];
  const both = onBoth.exec(folded);
  if (both) return [{ kind: "uncomputed", text: text.slice(both.index, both.index + both[0].length) }];
  return time.windows.slice(1).flatMap(({ start, end }): Uncomputed[] => {
    const without = notThen.exec(folded.slice(0, start));
    return without ? [{ kind: "uncomputed", text: text.slice(without.index, end) }] : [];
  });
}

const asks =
  /(?<!\p{L})(?:combien|quel(?:le)?s?|pourquoi|quand|nombre|taux|durees?|how many|how long|which|what|why|when|number of|rate|duration|(?:derni(?:er|ere)|last|latest) (?:run|execution|echec|failure)s?)(?!\p{L})/u;
const clauseEnd = /[?;!.](?=\s|$)|,|\+|(?<!\p{L})(?:et|and|puis|then|plus|ainsi que|as well as)(?!\p{L})/gu;

/** "combien d'échecs Talend hier et combien d'échecs Spark avant-hier ?": parts that ask, each of its own period or name. */
function severalAsked({ text, time, names }: QuestionReading, folded: string): Uncomputed[] {
  const places = [...time.windows, ...names.matches];
  const cuts = [...folded.matchAll(clauseEnd)]
    .map(({ 0: mark, index }) => ({ start: index, end: index + mark.length }))
    .filter((cut) => !places.some(({ start, end }) => cut.start < end && cut.end > start));
  const starts = [0, ...cuts.map(({ end }) => end)];
  const ends = [...cuts.map(({ start }) => start), text.length];
  const clauses: Clause[] = [];
  starts.forEach((start, index) => {
    const end = ends[index] as number;
    const said = folded.slice(start, end);
    const asking = asks.test(said) || statusPatterns.some(([pattern]) => pattern.test(said));
    const former = clauses.at(-1);
    // What asks nothing by itself goes on with what stands before it.
    if (former && !asking) clauses[clauses.length - 1] = { ...former, end };
    else clauses.push({ start, end });
  });
  const scopes = clauses.map((clause) => ({ ...clause, ...scopeOf(clause, { time, names }) }));
  const scoped = scopes.filter(({ windows, named }) => windows !== "" || named !== "");
  const [first, ...others] = scoped;
  const differ = first && others.some(({ windows, named }) => differs(first.windows, windows) || differs(first.named, named));
  const crossed =
    first && others.some((other) => (first.windows === "") !== (other.windows === "") && (first.named === "") !== (other.named === ""));
  const asked = scopes.filter(({ start, end }) => asks.test(folded.slice(start, end)));
  const ownPeriods = first && others.some(({ windows }) => differs(first.windows, windows));
  if (!(differ === true || crossed === true) || (asked.length < 2 && ownPeriods !== true)) return [];
  return scoped.map(({ start, end }): Uncomputed => ({ kind: "several", text: text.slice(start, end).replace(/\s+/g, " ").trim() }));
}

type Clause = { readonly start: number; readonly end: number };
const differs = (one: string, other: string): boolean => one !== "" && other !== "" && one !== other;
function scopeOf({ start, end }: Clause, { time, names }: Pick<QuestionReading, "time" | "names">) {
  const within = (place: Clause) => place.start >= start && place.end <= end;
  const windows = time.windows.filter(within).map(({ from, to }) => `${from?.getTime() ?? ""}-${to.getTime()}`);
  const named = names.matches.filter(within).map(({ kind, name }) => `${kind} ${name}`);
  return { windows: [...new Set(windows)].sort().join(), named: [...new Set(named)].sort().join() };
}
