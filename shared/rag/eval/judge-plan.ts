import type { Plan } from "../src/plan/plan.js";
import { instantOf } from "./instant-of.js";
import type { PlanCase } from "./read-plan-cases.js";

/** What differs between a plan and what was expected of it; nothing that was not expected may be in it. */
export function judgePlan(plan: Plan, expected: PlanCase): string[] {
  const { filters, unresolved } = plan;
  const faults: string[] = [];
  const check = (right: boolean, fault: string) => void (right || faults.push(fault));
  const wanted = (key: string): string[] | undefined =>
    expected.details
      .get(key)
      ?.split(", ")
      .filter((value) => value !== "");
  check(expected.operations.includes(plan.operation), `operation ${plan.operation}`);
  checkWindow(plan, expected, check);
  const same = (found: readonly string[], key: string, fallback?: readonly string[]) => {
    const list = wanted(key) ?? fallback;
    if (list) check(sorted(found) === sorted(list), `${key}=${found.join(", ")}`);
  };
  same(filters.pipelines, "pipeline", []);
  same(filters.techs, "tech", []);
  same(filters.environments, "environment", []);
  same(filters.statuses, "status");
  same(filters.excluded?.pipelines ?? [], "not-pipeline", []);
  same(filters.excluded?.techs ?? [], "not-tech", []);
  same(filters.excluded?.environments ?? [], "not-environment", []);
  const { bound } = plan;
  const boundKeys = { ">": "more-than", ">=": "at-least", "<": "less-than", "<=": "at-most" } as const;
  for (const [comparison, key] of Object.entries(boundKeys)) {
    const value = bound?.comparison === comparison ? `${bound.value}${bound.of === "share" ? " %" : ""}` : undefined;
    check(expected.details.get(key) === value, `${key}=${value ?? ""}`);
  }
  const exactly = (found: string | number | null | undefined, key: string, fallback?: string) => {
    const value = expected.details.get(key) ?? fallback;
    if (value !== undefined) check(plain(String(found ?? "")) === plain(value), `${key}=${String(found ?? "")}`);
  };
  exactly(plan.groupBy, "by");
  exactly(plan.limit, "limit");
  exactly(plan.measure, "measure");
  exactly(plan.language, "language");
  exactly(plan.only, "only", "");
  check(plan.without === expected.details.has("without"), `without ${plan.without}`);
  exactly(filters.minDurationMs, "min", "");
  exactly(filters.maxDurationMs, "max", "");
  if (plan.operation !== "similar" && plan.operation !== "explain") exactly(filters.signatureText, "text", "");
  else exactly(filters.signatureText, "text");
  const kinds = expected.details.get("unresolved");
  const timeExpected = expected.window === "?";
  if (kinds === undefined) {
    const left = unresolved.filter(({ kind }) => !(timeExpected && kind === "time"));
    check(left.length === 0, `unresolved ${left.map(({ kind, text }) => `${kind}: ${text}`).join(", ")}`);
  } else {
    const [kind = "", text] = kinds.split(": ");
    check(
      unresolved.some((each) => kind.split("|").includes(each.kind) && (text === undefined || plain(each.text) === plain(text))),
      `unresolved ${unresolved.map((each) => `${each.kind}: ${each.text}`).join(", ")}`,
    );
  }
  return faults;
}

function checkWindow(plan: Plan, { window, details, now, zone }: PlanCase, check: (right: boolean, fault: string) => void): void {
  const edge = (text: string): number | null => {
    if (text === "now") return now.getTime();
    if (text === "-") return null;
    const back = /^now-(\d+)(d|h|m)$/.exec(text);
    if (back?.[2] === "d") return instantOf(readingBefore(now, Number(back[1]), zone), zone);
    if (back) return now.getTime() - Number(back[1]) * (back[2] === "h" ? 3_600_000 : 60_000);
    const year = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric" }).format(now);
    return instantOf(/^\d{4}-/.test(text) ? text : `${year}-${text}`, zone);
  };
  const isOneOf = (found: Plan["window"], text: string): boolean =>
    text.split("|").some((each) => {
      const [from = "", to = ""] = each.split("..");
      return found !== null && (found.from?.getTime() ?? null) === edge(from) && found.to.getTime() === edge(to);
    });
  const unread = plan.unresolved.some(({ kind }) => kind === "time");
  if (window === "?") check(unread, "time is not reported");
  else if (window === "none") check(plan.window === null && !unread, "a window");
  else if (window === "default") check(!plan.window?.stated && !unread, "a stated window");
  else check(plan.window?.stated === true && isOneOf(plan.window, window), "window");
  const compared = details.get("compared");
  if (compared !== undefined) check(isOneOf(plan.compareWindow, compared), "compared window");
}

/** The same time of the day some days earlier, as the zone's clocks read. */
function readingBefore(now: Date, days: number, zone: string): string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  const [date = "", time = ""] = format.format(now).split(" ");
  const day = new Date(Date.parse(`${date}T12:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
  return `${day}T${time}`;
}

const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .replaceAll("’", "'")
    .toLowerCase();

const sorted = (values: readonly string[]): string => [...values].sort().join(", ");

/** A plan in one line, to be read beside its question. */
export function briefPlan(plan: Plan, zone: string): string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  const span = (window: Plan["window"]) =>
    window ? `${window.from ? format.format(window.from) : "-"}..${format.format(window.to)}${window.stated ? "" : " (default)"}` : "all";
  const { filters, ...rest } = plan;
  const parts = {
    pipelines: filters.pipelines,
    techs: filters.techs,
    statuses: filters.statuses,
    environments: filters.environments,
    excluded: filters.excluded && Object.values(filters.excluded).flat(),
    text: filters.signatureText,
    min: filters.minDurationMs,
    max: filters.maxDurationMs,
    by: rest.groupBy,
    limit: rest.limit,
    measure: rest.measure,
    only: rest.only,
    bound: rest.bound && `${rest.bound.comparison} ${rest.bound.value}${rest.bound.of === "share" ? " %" : ""}`,
    without: rest.without || null,
    unresolved: rest.unresolved.map(({ kind, text, near }) => `${kind}: ${text}${near.length > 0 ? ` (${near.join(", ")})` : ""}`),
    assumed: rest.assumed.map(({ text, name }) => `${text} → ${name}`),
  };
  const said = Object.entries(parts)
    .filter(([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => `${key}=${Array.isArray(value) ? value.join(", ") : String(value)}`);
  return [
    plan.operation,
    plan.language,
    span(plan.window),
    ...(plan.compareWindow ? [`against ${span(plan.compareWindow)}`] : []),
    ...said,
  ].join(" · ");
}
