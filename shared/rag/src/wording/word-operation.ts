import type { FoundRun } from "@flow-rag/stores";
import type { Facts, FactGroup, TrendBucket } from "../facts/facts.js";
import type { GroupBy } from "../plan/read-intent.js";
import { windowLabel } from "../window-label.js";
import { matchingText, type Voice } from "./voice.js";
import { evidenceLines } from "./word-evidence.js";
import { code, groupNamed, isMany, quote, runsNamed, upperFirst } from "./words.js";

const linesShown = 8;
const namesShown = 3;

/** The lines of an answer between its notes and its footer. */
export function operationLines(voice: Voice, facts: Facts): string[] {
  switch (voice.plan.operation) {
    case "list":
      return facts.listed
        ? [
            head(voice, facts),
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

/** `Hier (mar. 5 mai), Spark : 7 échecs sur 3 412 exécutions (0,2 %)`. */
function opening(voice: Voice): string {
  const { plan, label, french } = voice;
  const { pipelines, techs, environments, signatureText } = plan.filters;
  const { excluded } = plan.filters;
  const leftOut = excluded ? [...excluded.pipelines, ...excluded.techs, ...excluded.environments].map(code) : [];
  const names = [
    ...[...pipelines, ...techs, ...environments].map(code),
    ...(leftOut.length > 0 ? [`${french ? "hors" : "without"} ${leftOut.join(", ")}`] : []),
  ];
  const text =
    signatureText === null
      ? []
      : [french ? `erreur contenant ${quote("fr", signatureText)}` : `error containing ${quote("en", signatureText)}`];
  return `${upperFirst([label, ...names, ...text].join(", "))}${french ? " :" : ":"}`;
}

function head(voice: Voice, facts: Facts): string {
  const { plan, format, french, language } = voice;
  const by = plan.groupBy;
  const groups = facts.groupCount;
  if (plan.without) {
    const noun = runsNamed(language, plan.filters.statuses, 0);
    return `${opening(voice)} ${format.number(groups)} ${groupNamed(language, by ?? "pipeline", groups)} ${french ? `sans ${noun}` : `without ${runsNamed(language, plan.filters.statuses, 1)}`}.`;
  }
  const where =
    by === null || facts.matching === 0 || groups === 0
      ? ""
      : `, ${french ? (by === "tech" ? "dans" : by === "signature" ? "de" : "sur") : by === "tech" ? "in" : by === "signature" ? "of" : "on"} ${format.number(groups)} ${groupNamed(language, by, groups)}`;
  return `${opening(voice)} ${matchingText(voice, facts.matching, facts.runs)}${where}.`;
}

function grouped(voice: Voice, facts: Facts): string[] {
  const { plan } = voice;
  const most = plan.limit ?? linesShown;
  const shown = facts.groups.slice(0, most);
  const line = (group: FactGroup, index: number) => `${plan.operation === "top" ? `${index + 1}.` : "•"} ${groupLine(voice, facts, group)}`;
  return [head(voice, facts), ...shown.map(line), ...rest(voice, facts.groupCount - shown.length)];
}

const rest = ({ french, format, language }: Voice, count: number): string[] =>
  count > 0
    ? [french ? `• et ${format.number(count)} ${isMany(language, count) ? "autres" : "autre"}` : `• and ${format.number(count)} more`]
    : [];

const nameOf = (voice: Voice, by: GroupBy | null, key: string): string =>
  key === ""
    ? voice.french
      ? "(non précisé)"
      : "(not said)"
    : by === "tech" || by === "environment" || by === "status"
      ? `**${key.replace(/[*`]/g, "")}**`
      : code(key);

function groupLine(voice: Voice, facts: Facts, group: FactGroup): string {
  const { plan, format, french, language } = voice;
  const by = plan.groupBy;
  const colon = french ? " :" : ":";
  const count = `${format.number(group.count)} ${runsNamed(language, plan.filters.statuses, group.count)}`;
  if (plan.without) return `${nameOf(voice, by, group.key)}${colon} ${format.number(group.runs)} ${runsNamed(language, [], group.runs)}`;
  if (by === "signature") {
    const sample = facts.samples.find(({ signature }) => signature === group.key);
    const text = sample?.error ? quote(language, sample.error) : french ? "sans message d’erreur" : "without an error message";
    const seen = french
      ? `première fois ${format.instant(group.first)}, dernière ${format.instant(group.last)}`
      : `first ${format.instant(group.first)}, last ${format.instant(group.last)}`;
    return `${text}${colon} ${format.number(group.count)} ${french ? "fois" : isMany(language, group.count) ? "times" : "time"} (${format.share(group.count, facts.matching)}), ${pipelinesOf(voice, group)} ; ${seen}${voice.cite(sample?.id)}`.replace(
      " ;",
      french ? " ;" : ";",
    );
  }
  const detail = by === "pipeline" ? ` (${group.techs.join(", ")})` : "";
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
  const sample = top?.signature && facts.samples.find(({ signature }) => signature === top.signature);
  if (!plan.filters.statuses.includes("failed") || !top || !sample || !sample.error) return "";
  const mostly = top.count === group.count ? "" : french ? "Surtout " : "Mostly ";
  const times =
    top.count === group.count ? "" : ` (${format.number(top.count)} ${french ? "fois" : isMany(language, top.count) ? "times" : "time"})`;
  return `. ${mostly}${quote(language, sample.error)}${times}${voice.cite(sample.id)}`;
}

function rates(voice: Voice, facts: Facts): string[] {
  const { plan, format, french } = voice;
  const noun = runsNamed(voice.language, plan.filters.statuses, 2);
  const first = `${opening(voice)} ${french ? `taux de ${noun}`.replace("taux de échecs", "taux d’échec") : `${runsNamed(voice.language, plan.filters.statuses, 1)} rate`} ${format.share(facts.matching, facts.runs)}, ${matchingText(voice, facts.matching, facts.runs).replace(/ \([^()]*\)$/, "")}.`;
  const sorted = [...facts.groups].sort((a, b) => b.count / b.runs - a.count / a.runs || b.runs - a.runs);
  const shown = sorted.slice(0, plan.limit ?? linesShown);
  return [
    first,
    ...shown.map(
      (group) =>
        `• ${nameOf(voice, plan.groupBy, group.key)}${french ? " :" : ":"} ${format.share(group.count, group.runs)} (${format.number(group.count)} ${french ? "sur" : "of"} ${format.number(group.runs)})`,
    ),
    ...rest(voice, sorted.length - shown.length),
  ];
}

const signed = (voice: Voice, change: number): string =>
  change > 0 ? `+${voice.format.number(change)}` : change < 0 ? `−${voice.format.number(-change)}` : "=";

function compared(voice: Voice, facts: Facts): string[] {
  const { plan, french, label, zone, now, format, language } = voice;
  if (!facts.compare || !plan.compareWindow) {
    return [
      head(voice, facts),
      ...facts.groups
        .slice(0, linesShown)
        .map(
          (group) =>
            `• ${nameOf(voice, plan.groupBy, group.key)}${french ? " :" : ":"} ${format.number(group.count)} ${french ? "sur" : "of"} ${format.number(group.runs)} (${format.share(group.count, group.runs)})`,
        ),
    ];
  }
  const other = windowLabel(language, plan.compareWindow, zone, now);
  const before = facts.compare;
  const colon = french ? " :" : ":";
  const failed = { now: facts.byStatus.failed ?? 0, before: before.byStatus.failed ?? 0 };
  const line = (name: string, a: number, b: number) =>
    `• ${name}${colon} ${format.number(a)} ${french ? "contre" : "against"} ${format.number(b)} (${signed(voice, a - b)})`;
  const totals = [
    line(upperFirst(runsNamed(language, [], 2)), facts.runs, before.runs),
    line(upperFirst(runsNamed(language, ["failed"], 2)), failed.now, failed.before),
  ];
  if (plan.filters.statuses.length > 0 && plan.filters.statuses[0] !== "failed")
    totals.push(line(upperFirst(runsNamed(language, plan.filters.statuses, 2)), facts.matching, before.matching));
  totals.push(
    `• ${french ? "Taux d’échec" : "Failure rate"}${colon} ${format.share(failed.now, facts.runs)} ${french ? "contre" : "against"} ${format.share(failed.before, before.runs)}`,
  );
  const keys = [...new Set([...facts.groups, ...before.groups].map(({ key }) => key))];
  const countIn = (groups: readonly FactGroup[], key: string) => groups.find((group) => group.key === key)?.count ?? 0;
  const changes = keys.map((key) => ({ key, a: countIn(facts.groups, key), b: countIn(before.groups, key) })).filter(({ a, b }) => a !== b);
  changes.sort((x, y) => Math.abs(y.a - y.b) - Math.abs(x.a - x.b) || (x.key < y.key ? -1 : 1));
  const most = changes.slice(0, namesShown).map(({ key, a, b }) => `${code(key)} ${signed(voice, a - b)}`);
  const moved = most.length > 0 ? [french ? `Ce qui change le plus : ${most.join(", ")}.` : `What changed most: ${most.join(", ")}.`] : [];
  return [`${opening({ ...voice, label })} ${french ? "comparé à" : "compared with"} ${other}.`, ...totals, ...moved];
}

function trend(voice: Voice, facts: Facts, buckets: readonly TrendBucket[]): string[] {
  const { plan, format } = voice;
  const colon = voice.french ? " :" : ":";
  const name = ({ from }: TrendBucket) =>
    plan.groupBy === "hour" ? format.instant(from) : plan.groupBy === "month" ? format.month(from) : format.day(from);
  const shown = buckets.slice(-45);
  const total = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  const cut =
    buckets.length > shown.length
      ? [
          voice.french
            ? `(${format.number(buckets.length)} périodes, les ${format.number(shown.length)} dernières :)`
            : `(${format.number(buckets.length)} periods, the last ${format.number(shown.length)}:)`,
        ]
      : [];
  const noun = (count: number) => runsNamed(voice.language, plan.filters.statuses, count);
  return [
    `${opening(voice)} ${matchingText(voice, total, facts.runs)}.`,
    ...cut,
    ...shown.map(
      (bucket) =>
        `• ${name(bucket)}${colon} ${format.number(bucket.count)} ${noun(bucket.count)}${plan.filters.statuses.length > 0 ? ` ${voice.french ? "sur" : "of"} ${format.number(bucket.runs)}` : ""}`,
    ),
  ];
}

function runLine(voice: Voice, run: FoundRun): string {
  const { format, language } = voice;
  const duration = run.durationMs !== null && run.durationMs > 0 ? `, ${format.duration(run.durationMs)}` : "";
  const error = run.error ? `. ${quote(language, run.error)}` : "";
  return `${code(run.pipeline)} (${run.tech}), ${format.dayOfYear(run.ts, voice.now)} ${format.time(run.ts)}, ${statusWord(voice, run)}${duration}${error}${voice.cite(run.id)}`;
}

const statusWord = ({ french }: Voice, { status }: FoundRun): string =>
  (french
    ? {
        failed: "en échec",
        success: "en succès",
        running: "en cours",
        cancelled: "annulée",
        skipped: "sautée",
        warning: "avec avertissement",
        unknown: "statut inconnu",
      }
    : {
        failed: "failed",
        success: "succeeded",
        running: "in progress",
        cancelled: "cancelled",
        skipped: "skipped",
        warning: "with a warning",
        unknown: "status unknown",
      })[status];

function listedRuns(voice: Voice, facts: Facts, listed: readonly FoundRun[]): string[] {
  const { plan, french } = voice;
  if (listed.length === 0) return [`${opening(voice)} ${matchingText(voice, 0, facts.runs)}.`];
  const noun = runsNamed(voice.language, plan.filters.statuses, listed.length);
  const which =
    plan.operation === "last"
      ? french
        ? listed.length > 1
          ? `les ${listed.length} derniers : ${noun}`
          : `dernier passage : ${noun}`
        : listed.length > 1
          ? `the last ${listed.length} ${noun}`
          : `the last ${noun}`
      : french
        ? `le premier : ${noun}`
        : `the first ${noun}`;
  return [
    `${opening(voice)} ${which} (${french ? "sur" : "of"} ${voice.format.number(facts.matching)}).`,
    ...listed.map((run) => `• ${runLine(voice, run)}`),
  ];
}

function durations(voice: Voice, facts: Facts): string[] {
  const { plan, french, format, language } = voice;
  const { duration } = facts;
  if (!duration)
    return [
      `${opening(voice)} ${french ? "aucune durée enregistrée" : "no duration recorded"} (${format.number(facts.matching)} ${runsNamed(language, plan.filters.statuses, facts.matching)}).`,
    ];
  const values = french
    ? `durée médiane ${format.duration(duration.median)}, p95 ${format.duration(duration.p95)}, moyenne ${format.duration(duration.average)}, de ${format.duration(duration.min)} à ${format.duration(duration.max)}`
    : `median ${format.duration(duration.median)}, p95 ${format.duration(duration.p95)}, average ${format.duration(duration.average)}, from ${format.duration(duration.min)} to ${format.duration(duration.max)}`;
  const of = `${french ? "sur" : "over"} ${format.number(duration.count)} ${runsNamed(language, [], duration.count)}`;
  const measure = plan.measure === "p95" || plan.measure === "average" ? plan.measure : "median";
  const groups = facts.durations ?? [];
  return [
    `${opening(voice)} ${values}, ${of}.`,
    ...groups
      .slice(0, plan.limit ?? linesShown)
      .map(
        (group) =>
          `• ${nameOf(voice, plan.groupBy, group.key)}${french ? " :" : ":"} ${format.duration(group[measure])} (${format.number(group.count)})`,
      ),
    ...rest(voice, groups.length - (plan.limit ?? linesShown)),
    ...(facts.listed ?? []).map((run) => `• ${runLine(voice, run)}`),
  ];
}

function missing(voice: Voice, { missing: found }: Facts): string[] {
  const { french, format, language } = voice;
  if (!found) return [];
  const { expected, absent, known } = found;
  const last = (pipeline: string, at: Date) =>
    `• ${code(pipeline)} (${french ? "dernier passage" : "last run"} ${format.dayOfYear(at, voice.now)} ${format.time(at)})`;
  const others = absent.filter(({ pipeline }) => !expected.some((each) => each.pipeline === pipeline));
  const first = french
    ? `${opening(voice)} ${format.number(absent.length)} ${groupNamed(language, "pipeline", absent.length)} sur ${format.number(known)} sans exécution, dont ${format.number(expected.length)} qui ${isMany(language, expected.length) ? "tournent" : "tourne"} d’habitude à ce moment.`
    : `${opening(voice)} ${format.number(absent.length)} of ${format.number(known)} pipelines without a run, ${format.number(expected.length)} of which usually ${expected.length === 1 ? "runs" : "run"} then.`;
  const shownOthers = others.slice(0, Math.max(0, linesShown - expected.length));
  return [
    first,
    ...expected
      .slice(0, linesShown)
      .map(
        ({ pipeline, last: at, weeks }) =>
          `${last(pipeline, at)}, ${french ? `présent ${weeks} des 4 semaines d’avant` : `present in ${weeks} of the 4 weeks before`}`,
      ),
    ...shownOthers.map(({ pipeline, last: at }) => last(pipeline, at)),
    ...rest(voice, absent.length - Math.min(expected.length, linesShown) - shownOthers.length),
  ];
}

function states(voice: Voice, facts: Facts): string[] {
  const { french, format, language, plan } = voice;
  const colon = french ? " :" : ":";
  const counts = Object.entries(facts.byStatus).map(
    ([status, count]) => `${format.number(count)} ${runsNamed(language, [status as FoundRun["status"]], count)}`,
  );
  const summary = `${opening(voice)} ${format.number(facts.runs)} ${runsNamed(language, [], facts.runs)}${counts.length > 0 ? ` (${counts.join(", ")})` : ""}.`;
  const lines = (facts.states ?? []).map(({ pipeline, tech, last, streak, since, open }) => {
    const at = `${format.dayOfYear(last.ts, voice.now)} ${format.time(last.ts)}`;
    const error = last.error ? ` ${quote(language, last.error)}` : "";
    const row =
      streak > 1
        ? french
          ? `, ${open ? "au moins " : ""}${format.number(streak)} fois de suite depuis le ${format.dayOfYear(since, voice.now)} ${format.time(since)}`
          : `, ${open ? "at least " : ""}${format.number(streak)} times in a row since ${format.dayOfYear(since, voice.now)} ${format.time(since)}`
        : "";
    return `${code(pipeline)} (${tech})${colon} ${french ? "dernier passage le" : "last run"} ${at}, ${statusWord(voice, last)}${row}.${error}${voice.cite(last.id)}`;
  });
  if (facts.states && !plan.window) return lines;
  const failing = facts.groups.map((group) => ({ group, failed: group.byStatus.failed ?? 0 })).filter(({ failed }) => failed > 0);
  failing.sort((a, b) => b.failed - a.failed || (a.group.key < b.group.key ? -1 : 1));
  const list = facts.states
    ? []
    : failing
        .slice(0, linesShown)
        .map(
          ({ group, failed }) =>
            `• ${code(group.key)}${colon} ${format.number(failed)} ${runsNamed(language, ["failed"], failed)} ${french ? "sur" : "of"} ${format.number(group.runs)}`,
        );
  return [...lines, summary, ...list, ...(facts.states ? [] : rest(voice, failing.length - linesShown))];
}

function explained(voice: Voice, facts: Facts): string[] {
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
  const parts = [common.techs.join(", ")];
  if (common.environments.length > 0) parts.push(`${french ? "environnement" : "environment"} ${common.environments.map(code).join(", ")}`);
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

function similar(voice: Voice, facts: Facts): string[] {
  const { french, format, language, contexts, plan } = voice;
  const text = plan.filters.signatureText;
  const exact =
    text === null
      ? []
      : [
          french
            ? `${format.number(facts.runs)} ${runsNamed(language, [], facts.runs)} dont l’erreur contient ${quote("fr", text)}, ${voice.label}.`
            : `${format.number(facts.runs)} ${runsNamed(language, [], facts.runs)} whose error contains ${quote("en", text)}, ${voice.label}.`,
        ];
  const listed = (facts.listed ?? []).map((run) => `• ${runLine(voice, run)}`);
  const errors = evidenceLines(voice, facts.nearest ?? []);
  const near = errors.length > 0 ? [] : contexts.filter(({ meta }) => !(facts.listed ?? []).some(({ id }) => id === meta.id)).slice(0, 5);
  const seen = near.map(({ content, meta }) => `• ${quote(language, content, 200)}${voice.cite(meta.id)}`);
  if (listed.length === 0 && seen.length === 0 && errors.length === 0)
    return [...exact, french ? "Rien de semblable dans les exécutions." : "Nothing like it in the runs."];
  return [
    ...exact,
    ...listed,
    ...errors,
    ...(seen.length > 0 ? [french ? "Exécutions les plus proches de la question :" : "Runs nearest to the question:", ...seen] : []),
  ];
}
