import type { QuestionAnswer } from "../src/index.js";
import type { Case } from "./case.js";

const zone = "Europe/Paris";

/** The figures of an answer in the form of the gold. */
export function figuresOf({ operation }: Case, { facts, plan }: QuestionAnswer): string {
  if (!facts) return `no facts (${plan.operation}, unresolved ${JSON.stringify(plan.unresolved)})`;
  const groups = (list: readonly { key: string; count: number }[]) => list.map(({ key, count }) => `${key}=${count}`);
  switch (operation) {
    case "compare":
      return `${facts.matching} of ${facts.runs} vs ${facts.compare?.matching} of ${facts.compare?.runs}`;
    case "explain":
      return `${facts.matching} of ${facts.runs}: ${groups(facts.groups).sort().join(" | ")}`;
    case "similar":
      return String(facts.runs);
    case "new errors":
    case "threshold":
    case "statuses":
    case "compare names":
    case "by environment":
    case "list pipelines":
    case "list technos":
      return groups(facts.groups).sort().join(" | ");
    case "top errors":
    case "top pipelines":
      return groups(facts.groups).join(" > ");
    case "without":
      return facts.groups
        .map(({ key }) => key)
        .sort()
        .join(" | ");
    case "trend": {
      const day = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" });
      return (facts.buckets ?? [])
        .filter(({ count }) => count > 0)
        .map(({ from, count }) => `${day.format(from)}=${count}`)
        .join(" | ");
    }
    case "trend by hour": {
      const hour = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
      return (facts.buckets ?? [])
        .filter(({ count }) => count > 0)
        .map(({ from, count }) => `${hour.format(from).slice(0, 13)}=${count}`)
        .join(" | ");
    }
    case "latest of each":
      return (facts.latest ?? [])
        .map(({ key, at }) => `${key}=${at.toISOString()}`)
        .sort()
        .join(" | ");
    case "failing now":
      return (facts.latest ?? [])
        .map(({ key }) => key)
        .sort()
        .join(" | ");
    case "median by day":
    case "p95 by day": {
      const day = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" });
      return (facts.durationBuckets ?? [])
        .flatMap(({ from, duration }) =>
          duration ? [`${day.format(from)}=${duration[operation === "p95 by day" ? "p95" : "median"]}`] : [],
        )
        .join(" | ");
    }
    case "median by techno":
      return (facts.durations ?? [])
        .map(({ key, median }) => `${key}=${median}`)
        .sort()
        .join(" | ");
    case "rate by techno":
    case "rate above":
      return facts.groups
        .map(({ key, count, runs }) => `${key}=${count}/${runs}`)
        .sort()
        .join(" | ");
    case "how many groups":
      return String(facts.groups.length);
    case "last":
    case "first":
      return facts.listed?.[0]?.ts.toISOString() ?? "none";
    case "duration median":
      return String(facts.duration?.median ?? "none");
    case "duration p95":
      return String(facts.duration?.p95 ?? "none");
    case "slowest":
    case "fastest":
      return (facts.listed ?? []).map(({ durationMs }) => durationMs).join(" > ");
    case "missing":
      return (facts.missing?.absent ?? [])
        .map(({ pipeline }) => pipeline)
        .sort()
        .join(" | ");
    case "status":
      return Object.entries(facts.byStatus)
        .map(([status, count]) => `${status}=${count}`)
        .sort()
        .join(" | ");
    default:
      return `${facts.matching} of ${facts.runs}`;
  }
}

/** Counts must be read in the text as well, in the typography of its language. */
export function figuresInText({ operation }: Case, { answer, facts, language }: QuestionAnswer): boolean {
  if (!facts || !/^(count|rate$|list|success|left|text|environment|follow|long)/.test(operation) || facts.runs === 0) return true;
  const format = new Intl.NumberFormat(language === "fr" ? "fr-FR" : "en-GB");
  return answer.includes(format.format(facts.matching)) && answer.includes(format.format(facts.runs));
}
