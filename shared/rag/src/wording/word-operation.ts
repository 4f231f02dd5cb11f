import type { Facts } from "../facts/facts.js";
import type { Voice } from "./voice.js";
import { explained } from "./word-causes.js";
import { compared, trend } from "./word-changes.js";
import { grouped, rates } from "./word-groups.js";
import { head, rest } from "./word-heads.js";
import { latestLines, listedRuns, runLine, similar, states } from "./word-runs.js";
import { durations, missing } from "./word-times.js";

/** The lines of an answer between its notes and its footer. */
export function operationLines(voice: Voice, facts: Facts): string[] {
  switch (voice.plan.operation) {
    case "list":
      return facts.listed
        ? [
            head({ ...voice, plan: { ...voice.plan, groupBy: null } }, facts),
            ...facts.listed.map((run) => `• ${runLine(voice, run)}`),
            ...rest(voice, facts.matching - facts.listed.length),
          ]
        : grouped(voice, facts);
    case "count":
    case "top":
      return grouped(voice, facts);
    case "rate":
      return rates(voice, facts);
    case "compare":
      return compared(voice, facts);
    case "trend":
      return trend(voice, facts, facts.buckets ?? []);
    case "last":
    case "first":
      if (facts.latest) return latestLines(voice, facts.latest, facts.runs);
      return listedRuns(voice, facts, facts.listed ?? []);
    case "duration":
      return durations(voice, facts);
    case "missing":
      return missing(voice, facts);
    case "status":
      return states(voice, facts);
    case "explain":
      return explained(voice, facts);
    case "similar":
      return similar(voice, facts);
    case "help":
      return [];
  }
}
