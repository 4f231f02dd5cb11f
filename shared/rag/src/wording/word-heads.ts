import { isUnfinished } from "@flow-rag/contracts";
import type { Facts } from "../facts/facts.js";
import type { GroupBy } from "../plan/group-words.js";
import { type Voice, matchingText } from "./voice.js";
import { boundNamed } from "./word-bound.js";
import { code, groupNamed, inertName, isMany, quote, runsNamed, upperFirst } from "./words.js";

export const linesShown = 8;
export const namesShown = 3;
const openingNames = 5;

/** `Hier (mar. 5 mai), Spark : 7 échecs sur 3 412 exécutions (0,2 %)`. */
export function opening(voice: Voice): string {
  const { plan, label, french } = voice;
  const { pipelines, techs, environments, signatureText } = plan.filters;
  const { excluded } = plan.filters;
  const leftOut = excluded ? [...excluded.pipelines, ...excluded.techs, ...excluded.environments].map(code) : [];
  const all = [...pipelines, ...techs, ...environments];
  const more = all.length - openingNames;
  const names = [
    ...all.slice(0, more > 1 ? openingNames : all.length).map(code),
    ...(more > 1 ? [french ? `et ${voice.format.number(more)} autres` : `and ${voice.format.number(more)} more`] : []),
    ...(leftOut.length > 0 ? [`${french ? "hors" : "without"} ${leftOut.join(", ")}`] : []),
  ];
  const text =
    signatureText === null
      ? []
      : [french ? `erreur contenant ${quote("fr", signatureText)}` : `error containing ${quote("en", signatureText)}`];
  const { minDurationMs, maxDurationMs } = plan.filters;
  const lengths = [
    ...(minDurationMs === null ? [] : [`${french ? "plus de" : "over"} ${voice.format.duration(minDurationMs)}`]),
    ...(maxDurationMs === null ? [] : [`${french ? "moins de" : "under"} ${voice.format.duration(maxDurationMs)}`]),
  ];
  return `${upperFirst([label, ...names, ...text, ...lengths].join(", "))}${french ? " :" : ":"}`;
}

export function head(voice: Voice, facts: Facts): string {
  const { plan, format, french, language } = voice;
  const by = plan.groupBy;
  const groups = facts.groupCount;
  if (plan.without) {
    const noun = runsNamed(language, plan.filters.statuses, 0);
    return `${opening(voice)} ${format.number(groups)} ${groupNamed(language, by ?? "pipeline", groups)} ${french ? `sans ${noun}` : `without ${runsNamed(language, plan.filters.statuses, 1)}`}.`;
  }
  if (plan.bound && by) {
    const within = boundNamed(language, plan.bound, plan.filters.statuses);
    const counted = `${format.number(groups)} ${groupNamed(language, by, groups)} ${french ? "avec" : "with"} ${within}`;
    return `${opening(voice)} ${counted} (${matchingText(voice, facts.matching, facts.runs).replace(/ \([^()]*\)$/, "")} ${french ? "en tout" : "in all"}).`;
  }
  if (plan.only === "new") {
    const many = isMany(language, groups);
    const all = facts.byStatus.failed ?? 0;
    const shown = groups === 0 ? all : facts.matching;
    const failures = `${format.number(shown)} ${runsNamed(language, ["failed"], shown)}`;
    const errors = `${format.number(groups)} ${groupNamed(language, "signature", groups)}`;
    return french
      ? `${opening(voice)} ${errors} jamais vue${many ? "s" : ""} auparavant, ${groups === 0 ? "parmi " : ""}${failures}.`
      : `${opening(voice)} ${errors} never seen before, ${groups === 0 ? "among " : ""}${failures}.`;
  }
  // Whatever runs, runs now.
  if (plan.window === null && isRunningOnly(plan)) {
    const counted = `${format.number(facts.matching)} ${runsNamed(language, plan.filters.statuses, facts.matching)}`;
    const where =
      by === null || facts.matching === 0 || isNamed(plan, by)
        ? ""
        : `, ${french ? "sur" : "on"} ${format.number(groups)} ${groupNamed(language, by, groups)}`;
    return `${opening({ ...voice, label: french ? "en ce moment" : "now" })} ${counted}${where}.`;
  }
  const where =
    by === null || facts.matching === 0 || groups === 0 || isNamed(plan, by)
      ? ""
      : `, ${french ? (by === "tech" ? "dans " : by === "signature" ? "" : "sur ") : by === "tech" ? "in " : by === "signature" ? "" : "on "}${format.number(groups)} ${groupNamed(language, by, groups)}`;
  if (by === "signature" && groups === 1)
    return `${opening(voice)} ${matchingText(voice, facts.matching, facts.runs)}${facts.matching > 1 ? (french ? ", la même erreur" : ", the same error") : ""}.`;
  return `${opening(voice)} ${matchingText(voice, facts.matching, facts.runs)}${where}.`;
}

const isRunningOnly = ({ filters }: Voice["plan"]): boolean => filters.statuses.length === 1 && filters.statuses.every(isUnfinished);

/** A question about one pipeline or techno is not answered with how many of them there are. */
const isNamed = ({ filters }: Voice["plan"], by: GroupBy): boolean =>
  (by === "pipeline" && filters.pipelines.length === 1) ||
  (by === "tech" && filters.techs.length === 1) ||
  (by === "environment" && filters.environments.length === 1);

export const rest = ({ french, format, language }: Voice, count: number): string[] =>
  count > 0
    ? [french ? `• et ${format.number(count)} ${isMany(language, count) ? "autres" : "autre"}` : `• and ${format.number(count)} more`]
    : [];

export const nameOf = (voice: Voice, by: GroupBy | null, key: string): string =>
  key === ""
    ? voice.french
      ? "(non précisé)"
      : "(not said)"
    : by === "tech" || by === "environment" || by === "status"
      ? `**${inertName(key).replace(/[*`]/g, "")}**`
      : code(key);
