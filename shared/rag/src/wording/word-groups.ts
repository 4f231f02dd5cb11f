import type { RunStatus } from "@flow-rag/contracts";
import type { FactGroup, Facts } from "../facts/facts.js";
import { rateOf } from "../facts/rate.js";
import { quoteFor } from "../facts/quoted-errors.js";
import type { Voice } from "./voice.js";
import { head, linesShown, nameOf, namesShown, opening, rest } from "./word-heads.js";
import { code, groupNamed, inertName, isMany, quote, runsNamed, statusCounts } from "./words.js";

export function grouped(voice: Voice, facts: Facts): string[] {
  const { plan } = voice;
  if (plan.groupBy === "status" && !plan.without && plan.bound === null) return byStatus(voice, facts);
  const most = plan.limit ?? linesShown;
  const shown = facts.groups.slice(0, most);
  const line = (group: FactGroup, index: number) => `${plan.operation === "top" ? `${index + 1}.` : "•"} ${groupLine(voice, facts, group)}`;
  return [head(voice, facts), ...otherwise(voice, facts), ...shown.map(line), ...rest(voice, facts.groupCount - shown.length)];
}

/** Runs with an error that is sought, though none of them in the asked status: how they ended. */
function otherwise({ plan, french, format, language }: Voice, facts: Facts): string[] {
  if (plan.filters.signatureText === null || facts.matching > 0 || facts.runs === 0 || plan.filters.statuses.length === 0) return [];
  const counts = statusCounts(facts.byStatus).map(([status, count]) => `${format.number(count)} ${runsNamed(language, [status], count)}`);
  return [`${french ? "Avec cette erreur :" : "With that error:"} ${counts.join(", ")}.`];
}

/** `• 12 échecs sur 726 (1,7 %)`: each status by its own name. */
function byStatus(voice: Voice, facts: Facts): string[] {
  const { format, french, language } = voice;
  return [
    `${opening(voice)} ${format.number(facts.runs)} ${runsNamed(language, [], facts.runs)}.`,
    ...withZeros(voice, facts.groups).map(
      ({ key, count }) =>
        `• ${format.number(count)} ${runsNamed(language, [key as RunStatus], count)} ${french ? "sur" : "of"} ${format.number(facts.runs)} (${format.share(count, facts.runs)})`,
    ),
  ];
}

/** What was asked for and never occurred is told as well. */
const withZeros = ({ plan }: Voice, groups: readonly FactGroup[]): { key: string; count: number }[] => [
  ...groups,
  ...plan.filters.statuses.filter((status) => !groups.some(({ key }) => key === status)).map((key) => ({ key, count: 0 })),
];

export function groupLine(voice: Voice, facts: Facts, group: FactGroup): string {
  const { plan, format, french, language } = voice;
  const by = plan.groupBy;
  const colon = french ? " :" : ":";
  const share =
    plan.bound?.of === "share" ? ` ${french ? "sur" : "of"} ${format.number(group.runs)} (${format.share(group.count, group.runs)})` : "";
  const count = `${format.number(group.count)} ${runsNamed(language, plan.filters.statuses, group.count)}${share}`;
  if (plan.without) return `${nameOf(voice, by, group.key)}${colon} ${format.number(group.runs)} ${runsNamed(language, [], group.runs)}`;
  if (by === "signature") {
    const quoted = quoteFor(facts.quotes, group, group.key);
    const text = quoted ? quote(language, quoted.text) : french ? "sans message d’erreur" : "without an error message";
    const once = group.first.getTime() === group.last.getTime();
    const seen = once
      ? `${french ? "le" : "on"} ${format.instant(group.first)}`
      : french
        ? `première fois ${format.instant(group.first)}, dernière ${format.instant(group.last)}`
        : `first ${format.instant(group.first)}, last ${format.instant(group.last)}`;
    return `${text}${colon} ${format.number(group.count)} ${french ? "fois" : isMany(language, group.count) ? "times" : "time"} (${format.share(group.count, facts.matching)}), ${pipelinesOf(voice, group)} ; ${seen}${voice.cite(quoted?.example.id)}`.replace(
      " ;",
      french ? " ;" : ";",
    );
  }
  const detail = by === "pipeline" ? ` (${group.techs.map(inertName).join(", ")})` : "";
  const where =
    by === "pipeline" || group.pipelines.length === 0 ? "" : ` ; ${pipelinesOf(voice, group)}`.replace(" ;", french ? " ;" : ";");
  return `${nameOf(voice, by, group.key)}${detail}${colon} ${count}${where}${cause(voice, facts, group)}`;
}

/** `3 pipelines : a (5), b (2), c (1), …`. */
function pipelinesOf({ french, format, language }: Voice, { pipelines }: FactGroup): string {
  const shown = pipelines.slice(0, namesShown).map(({ pipeline, count }) => `${code(pipeline)} (${format.number(count)})`);
  return `${format.number(pipelines.length)} ${groupNamed(language, "pipeline", pipelines.length)}${french ? " :" : ":"} ${shown.join(", ")}${pipelines.length > namesShown ? ", …" : ""}`;
}

function cause(voice: Voice, facts: Facts, group: FactGroup): string {
  const { plan, french, format, language } = voice;
  const [top] = group.signatures;
  const quoted = top?.signature ? quoteFor(facts.quotes, group, top.signature) : undefined;
  if (!plan.filters.statuses.includes("failed") || !top || !quoted) return "";
  const example = french ? "Par exemple " : "For example ";
  const mostly = top.count === group.count ? "" : top.count === 1 ? example : french ? "Surtout " : "Mostly ";
  const times =
    top.count === group.count || top.count === 1
      ? ""
      : ` (${format.number(top.count)} ${french ? "fois" : isMany(language, top.count) ? "times" : "time"})`;
  return `. ${mostly}${whose(voice, group, top.pipelines)}${quote(language, quoted.text)}${times}${voice.cite(quoted.example.id)}`;
}

/** `a`, `b` : before an error that not all of the pipelines have that are named in front of it. */
function whose({ french, plan }: Voice, { pipelines }: FactGroup, having: readonly string[]): string {
  if (plan.groupBy === "pipeline" || having.length === pipelines.length) return "";
  const names = pipelines.map(({ pipeline }) => pipeline).filter((pipeline) => having.includes(pipeline));
  return `${names.slice(0, namesShown).map(code).join(", ")}${names.length > namesShown ? ", …" : ""}${french ? " : " : ": "}`;
}

/** The greatest share first, or the lowest where it is asked for; of equal ones that of more runs. Without a run that ended there is none. */
export const byShare = (
  groups: readonly FactGroup[],
  { lowest = false, filters }: { readonly lowest?: boolean; readonly filters: { readonly statuses: readonly RunStatus[] } },
): FactGroup[] => {
  const share = (group: FactGroup) => {
    const { part, of } = rateOf(group, rateStatuses(filters.statuses)[0] as readonly RunStatus[]);
    return of === 0 ? undefined : part / of;
  };
  const rated = groups.flatMap((group) => {
    const own = share(group);
    return own === undefined ? [] : [{ group, own }];
  });
  return rated.sort((a, b) => (lowest ? -1 : 1) * (b.own - a.own) || b.group.runs - a.group.runs).map(({ group }) => group);
};

/** "taux de succès et taux d'échec" asks for two rates, and not for one of both together. */
const rateStatuses = (statuses: readonly RunStatus[]): readonly (readonly RunStatus[])[] =>
  statuses.length === 2 && statuses.includes("failed") && statuses.includes("success") ? [["failed"], ["success"]] : [statuses];

export function rates(voice: Voice, facts: Facts): string[] {
  const { plan, format, french, language } = voice;
  const asked = rateStatuses(plan.filters.statuses);
  const inAll = facts.runs === rateOf(facts, asked[0] as readonly RunStatus[]).of ? "" : inTotal(voice, facts.runs);
  const named = (statuses: readonly RunStatus[]) => {
    const { part, of, ended } = rateOf(facts, statuses);
    const name = french
      ? `taux de ${runsNamed(language, statuses, 2)}`.replace("taux de échecs", "taux d’échec").replace(/^taux de (?=[eé])/, "taux d’")
      : `${runsNamed(language, statuses, 1)} rate`;
    const runs = ended ? endedNamed(voice, of) : `${format.number(of)} ${runsNamed(language, [], of)}`;
    return `${name} ${format.share(part, of)}, ${format.number(part)} ${runsNamed(language, statuses, part)} ${french ? "sur" : "out of"} ${runs}`;
  };
  const first = plan.bound ? head(voice, facts) : `${opening(voice)} ${asked.map(named).join(french ? " ; " : "; ")}${inAll}.`;
  const sorted = byShare(facts.groups, plan);
  const shown = sorted.slice(0, plan.limit ?? linesShown);
  const share = (group: FactGroup) =>
    asked.map((statuses) => {
      const { part, of } = rateOf(group, statuses);
      const name = asked.length === 1 ? "" : `${runsNamed(language, statuses, 2)} `;
      return `${name}${format.share(part, of)} (${format.number(part)} ${french ? "sur" : "of"} ${format.number(of)})`;
    });
  return [
    first,
    ...shown.map((group) => `• ${nameOf(voice, plan.groupBy, group.key)}${french ? " :" : ":"} ${share(group).join(", ")}`),
    ...rest(voice, sorted.length - shown.length),
  ];
}

/** `340 exécutions terminées`: what a rate is of. */
function endedNamed({ french, format, language }: Voice, count: number): string {
  const noun = runsNamed(language, [], count);
  return french
    ? `${format.number(count)} ${noun} ${isMany(language, count) ? "terminées" : "terminée"}`
    : `${format.number(count)} finished ${noun}`;
}

const inTotal = ({ french, format }: Voice, runs: number): string =>
  french ? ` (${format.number(runs)} en tout)` : ` (${format.number(runs)} in all)`;
