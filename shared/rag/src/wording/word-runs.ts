import type { FoundRun } from "@flow-rag/stores";
import type { Facts, GroupLatest } from "../facts/facts.js";
import { type Voice, matchingText } from "./voice.js";
import { evidenceLines } from "./word-evidence.js";
import { linesShown, nameOf, opening, rest } from "./word-heads.js";
import { code, groupNamed, inertName, isMany, quote, runsNamed, statusCounts } from "./words.js";

export function runLine(voice: Voice, run: FoundRun): string {
  const { format, language } = voice;
  const duration = run.durationMs !== null && run.durationMs > 0 ? `, ${format.duration(run.durationMs)}` : "";
  const error = run.error ? `. ${quote(language, run.error)}` : "";
  return `${code(run.pipeline)} (${inertName(run.tech)}), ${format.dayOfYear(run.ts, voice.now)} ${format.time(run.ts)}, ${statusWord(voice, run)}${duration}${error}${voice.cite(run.id)}`;
}

const statusWord = ({ french }: Voice, { status }: Pick<FoundRun, "status">): string =>
  (french
    ? {
        failed: "en échec",
        success: "en succès",
        running: "en cours",
        cancelled: "annulée",
        skipped: "sautée",
        warning: "avec avertissement",
        unknown: "statut inconnu",
        upstream_failed: "bloquée (amont)",
        waiting: "en attente",
      }
    : {
        failed: "failed",
        success: "succeeded",
        running: "in progress",
        cancelled: "cancelled",
        skipped: "skipped",
        warning: "with a warning",
        unknown: "status unknown",
        upstream_failed: "blocked upstream",
        waiting: "waiting to start",
      })[status];

export function listedRuns(voice: Voice, facts: Facts, listed: readonly FoundRun[]): string[] {
  const { plan, french } = voice;
  if (listed.length === 0) return [`${opening(voice)} ${matchingText(voice, 0, facts.runs)}.`];
  const { statuses } = plan.filters;
  const [status] = statuses.length === 1 ? statuses : [];
  const many = listed.length > 1;
  const one = status === undefined ? "dernier passage" : lastNamed[status];
  const all = `${status === undefined ? "passages" : runsNamed("fr", [status], listed.length)}`;
  const feminine = one.startsWith("dernière");
  const inFrench = many ? `les ${listed.length} ${feminine ? "dernières" : "derniers"} ${all}` : one;
  const which = french
    ? plan.operation === "last"
      ? inFrench
      : inFrench
          .replace("dernières", "premières")
          .replace("derniers", "premiers")
          .replace("dernière", "première")
          .replace("dernier", "premier")
    : `the ${plan.operation === "last" ? "last" : "first"} ${many ? `${listed.length} ` : ""}${runsNamed("en", statuses, listed.length)}`;
  return [
    `${opening(voice)} ${which} (${french ? "sur" : "of"} ${voice.format.number(facts.matching)}).`,
    ...listed.map((run) => `• ${runLine(voice, run)}`),
  ];
}

const lastNamed: Record<FoundRun["status"], string> = {
  failed: "dernier échec",
  success: "dernier succès",
  running: "dernière exécution en cours",
  cancelled: "dernière exécution annulée",
  skipped: "dernière exécution sautée",
  warning: "dernier avertissement",
  unknown: "dernière exécution au statut inconnu",
  upstream_failed: "dernière exécution bloquée (amont)",
  waiting: "dernière exécution en attente",
};

/** The latest run of each group, or of each that stands as it was asked. */
export function latestLines(voice: Voice, latest: readonly GroupLatest[], runs: number): string[] {
  const { plan, french, format, language } = voice;
  const { statuses } = plan.filters;
  const by = plan.groupBy ?? "pipeline";
  const [status] = statuses.length === 1 ? statuses : [];
  const counted = `${format.number(latest.length)} ${groupNamed(language, by, latest.length)}`;
  const which =
    status && (plan.only === "latest" ? statusWord(voice, { status }) : french ? lastNamed[status] : runsNamed(language, [status], 1));
  if (latest.length === 0 && plan.only !== "latest") return [`${opening(voice)} ${matchingText(voice, 0, runs)}.`];
  const own = french ? (isMany(language, latest.length) ? "leur" : "son") : "";
  const said =
    plan.only === "latest"
      ? french
        ? which === undefined
          ? `${counted}, dernier passage de chacun`
          : `${counted} ${which} à ${own} dernier passage terminé`
        : which === undefined
          ? `${counted}, the last run of each`
          : `${counted} whose last finished run ${status === "failed" ? "failed" : status === "success" ? "succeeded" : `is ${which}`}`
      : french
        ? `${which ?? "dernier passage"} de ${counted}`
        : `last ${which ?? "run"} of ${counted}`;
  const label = plan.only === "latest" ? (french ? "en ce moment" : "now") : voice.label;
  const shown = latest.filter(({ run }) => run !== null);
  return [
    `${opening({ ...voice, label })} ${said}.`,
    ...shown.map(
      ({ key, run }) =>
        `• ${by === "pipeline" ? "" : `${nameOf(voice, by, key)}${french ? " :" : ":"} `}${runLine(voice, run as FoundRun)}`,
    ),
    ...rest(voice, latest.length - shown.length),
  ];
}

export function states(voice: Voice, facts: Facts): string[] {
  const { french, format, language, plan } = voice;
  const colon = french ? " :" : ":";
  const counted = statusCounts(facts.byStatus);
  const none = facts.runs > 0 && !facts.byStatus.failed ? ([["failed", 0]] as const) : [];
  const counts = [...none, ...counted].map(([status, count]) => `${format.number(count)} ${runsNamed(language, [status], count)}`);
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
    return `${code(pipeline)} (${inertName(tech)})${colon} ${french ? "dernier passage le" : "last run"} ${at}, ${statusWord(voice, last)}${row}.${error}${voice.cite(last.id)}`;
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

export function similar(voice: Voice, facts: Facts): string[] {
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
  // Of the kinds of failure that are told below with their counts, the latest run is enough.
  const kinds = new Set((facts.nearest ?? []).map(({ signature }) => signature));
  const alone = (facts.listed ?? []).filter(({ signature }, index) => index === 0 || signature === null || !kinds.has(signature));
  const listed = alone.map((run) => `• ${runLine(voice, run)}`);
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
