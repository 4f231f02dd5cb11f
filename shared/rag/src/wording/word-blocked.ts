import { isUnfinished } from "@flow-rag/contracts";
import type { Facts } from "../facts/facts.js";
import type { Voice } from "./voice.js";
import { isMany, runsNamed } from "./words.js";

/** What stands beside figures of failures or successes: runs that an upstream failure kept from running, which are neither. */
export function blockedLine({ plan, french, format, language }: Voice, { byStatus }: Facts): string[] {
  const count = byStatus.upstream_failed ?? 0;
  const { statuses } = plan.filters;
  if (count === 0 || statuses.includes("upstream_failed") || statuses.every(isUnfinished)) return [];
  const counted = `${format.number(count)} ${runsNamed(language, ["upstream_failed"], count)}`;
  const many = isMany(language, count);
  return [
    french
      ? `S’y ajoute${many ? "nt" : ""} ${counted} : jamais lancée${many ? "s" : ""}, ni échec ni succès.`
      : `Besides, ${counted} never started: neither failure nor success.`,
  ];
}
