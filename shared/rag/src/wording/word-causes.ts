import { evidenceLines } from "./word-evidence.js";
import type { CommonFacts, EarlierFailures, Facts } from "../facts/facts.js";
import type { Voice } from "./voice.js";
import { groupLine } from "./word-groups.js";
import { head, namesShown, rest } from "./word-heads.js";
import { code, inertName } from "./words.js";

export function explained(voice: Voice, facts: Facts): string[] {
  const { french, format, plan } = voice;
  const lines = [
    head(voice, facts),
    ...facts.groups
      .slice(0, 3)
      .map((group) => `• ${groupLine({ ...voice, plan: { ...plan, groupBy: plan.groupBy ?? "signature" } }, facts, group)}`),
    ...rest(voice, facts.groupCount - 3),
  ];
  const { common } = facts;
  if (facts.matching === 0) return [...lines, ...evidenceLines(voice, facts.nearest ?? [])];
  if (!common) return lines;
  const parts = [common.techs.map(inertName).join(", ")];
  if (common.environments.length > 0)
    parts.push(
      `${french ? "environnement" : "environment"}${common.environments.length > 1 ? "s" : ""} ${common.environments.map(code).join(", ")}`,
    );
  if (common.hours)
    parts.push(
      french ? `entre ${common.hours[0]} h et ${common.hours[1] + 1} h` : `between ${common.hours[0]}:00 and ${common.hours[1] + 1}:00`,
    );
  if (common.failedDuration && common.successDuration && common.failedDuration.max > 0) {
    parts.push(
      french
        ? `durée avant l’échec ${format.duration(common.failedDuration.min)} à ${format.duration(common.failedDuration.max)} (médiane d’un succès ${format.duration(common.successDuration.median)})`
        : `${format.duration(common.failedDuration.min)} to ${format.duration(common.failedDuration.max)} before the failure (median of a success ${format.duration(common.successDuration.median)})`,
    );
  }
  lines.push(`${french ? "Ce qui est commun :" : "In common:"} ${parts.join(", ")}.`);
  if (plan.window?.from) lines.push(...historyLine(voice, common));
  return lines;
}

/**
 * How often failures with the errors that were told occurred before the window: among the names that the question is about, then among all
 * others. Counted are failed runs.
 */
function historyLine({ french, format, plan, now }: Voice, { errors, before, beforeElsewhere }: CommonFacts): string[] {
  if (errors === 0) return [];
  const { pipelines, techs, environments, excluded } = plan.filters;
  const own = [...pipelines, ...techs, ...environments].map(code);
  const leftOut = excluded ? [...excluded.pipelines, ...excluded.techs, ...excluded.environments].map(code) : [];
  const scope =
    (own.length > 0 ? ` ${french ? "pour" : "for"} ${shortList(own)}` : "") +
    (leftOut.length > 0 ? ` ${french ? "hors" : "without"} ${shortList(leftOut)}` : "");
  const times = (count: number) => (french ? `${format.number(count)} fois` : `${format.number(count)} ${count === 1 ? "time" : "times"}`);
  const which = french
    ? errors === 1
      ? "échecs du même genre"
      : `échecs de l’un de ces ${format.number(errors)} genres d’erreur`
    : errors === 1
      ? "failures of the same kind"
      : `failures of one of these ${format.number(errors)} kinds of error`;
  const told = ({ count, last, pipelines: having }: EarlierFailures, when: string) => {
    const at = `${format.dayOfYear(last, now)} ${format.time(last)}`;
    const names = shortList(having.map(code));
    return french
      ? `${times(count)}${when} (${which}), la dernière le ${at}, sur ${names}`
      : `${times(count)}${when} (${which}), last on ${at}, on ${names}`;
  };
  const when = french ? " avant cette fenêtre" : " before this window";
  const elsewhere =
    beforeElsewhere === null ? [] : [`${french ? "Ailleurs, déjà vu :" : "Elsewhere, seen before:"} ${told(beforeElsewhere, when)}.`];
  if (before === null) return [french ? `Jamais vu avant cette fenêtre${scope}.` : `Never seen before this window${scope}.`, ...elsewhere];
  return [`${french ? `Déjà vu${scope} :` : `Seen before${scope}:`} ${told(before, when)}.`, ...elsewhere];
}

const shortList = (names: readonly string[]): string => `${names.slice(0, namesShown).join(", ")}${names.length > namesShown ? ", …" : ""}`;
