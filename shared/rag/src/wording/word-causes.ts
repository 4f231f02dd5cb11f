import { evidenceLines } from "./word-evidence.js";
import type { Facts } from "../facts/facts.js";
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
  if (common.before) {
    const names = `${common.before.pipelines.slice(0, namesShown).map(code).join(", ")}${common.before.pipelines.length > namesShown ? ", …" : ""}`;
    lines.push(
      french
        ? `Déjà vu : ${format.number(common.before.count)} fois avant cette fenêtre, la dernière le ${format.dayOfYear(common.before.last, voice.now)} ${format.time(common.before.last)}, sur ${names}.`
        : `Seen before: ${format.number(common.before.count)} times before this window, last on ${format.dayOfYear(common.before.last, voice.now)} ${format.time(common.before.last)}, on ${names}.`,
    );
  } else if (plan.window?.from) lines.push(french ? "Jamais vu avant cette fenêtre." : "Never seen before this window.");
  return lines;
}
