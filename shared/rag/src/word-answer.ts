import type { Context, Language, RunStatus } from "@flow-rag/contracts";
import type { RunGroup } from "@flow-rag/stores";
import type { Facts } from "./collect-facts.js";
import { createFormat, type Format } from "./number-format.js";
import type { Plan } from "./plan-question.js";
import type { TimeWindow } from "./read-window.js";

/** Lines of a list before the rest is counted instead of shown. */
const maxLines = 8;
const maxQuote = 120;

type Words = {
  nouns: Record<RunStatus | "any", readonly [one: string, many: string]>;
  outOf: (count: string, many: boolean) => string;
  inTechs: (count: number) => string;
  inPipelines: (count: number) => string;
  windows: Record<Extract<TimeWindow["name"], string>, string>;
  last: (count: string, unit: string, many: boolean) => string;
  mostly: (quote: string, times: string) => string;
  others: (count: string) => string;
  span: (from: string, to: string, zone: string, stated: boolean) => string;
  noRuns: (window: string) => string;
  latest: (instant: string) => string;
  noData: string;
  unread: (phrase: string) => string;
  nearest: (count: number) => string;
  nothingFound: string;
  colon: string;
  quotes: readonly [string, string];
};

const plural = (one: string, many: string) => [one, many] as const;
const units: Record<Language, Record<string, readonly [string, string]>> = {
  fr: {
    minutes: plural("dernière minute", "dernières minutes"),
    hours: plural("dernière heure", "dernières heures"),
    days: plural("dernier jour", "derniers jours"),
    weeks: plural("dernière semaine", "dernières semaines"),
  },
  en: { minutes: plural("minute", "minutes"), hours: plural("hour", "hours"), days: plural("day", "days"), weeks: plural("week", "weeks") },
};

const french: Words = {
  nouns: {
    any: plural("exécution", "exécutions"),
    failed: plural("échec", "échecs"),
    success: plural("succès", "succès"),
    running: plural("exécution en cours", "exécutions en cours"),
    cancelled: plural("exécution annulée", "exécutions annulées"),
    skipped: plural("exécution sautée", "exécutions sautées"),
    warning: plural("avertissement", "avertissements"),
    unknown: plural("exécution au statut inconnu", "exécutions au statut inconnu"),
  },
  outOf: (count, many) => `sur ${count} exécution${many ? "s" : ""}`,
  inTechs: (count) => `, dans ${count} techno${count > 1 ? "s" : ""}`,
  inPipelines: (count) => `, sur ${count} pipeline${count > 1 ? "s" : ""}`,
  windows: {
    today: "Aujourd’hui",
    yesterday: "Hier",
    dayBefore: "Avant-hier",
    night: "Cette nuit",
    thisWeek: "Cette semaine",
    lastWeek: "La semaine dernière",
    thisMonth: "Ce mois-ci",
    lastMonth: "Le mois dernier",
    day: "Le",
  },
  last: (count, unit, many) => (many ? `Ces ${count} ${unit}` : `Sur 1 ${unit.split(" ")[1] ?? unit}`),
  mostly: (quote, times) => `Surtout ${quote} (${times} fois).`,
  others: (count) => `• et ${count} autres`,
  span: (from, to, zone, stated) => `Fenêtre : du ${from} au ${to}, ${zone}${stated ? "" : " (aucune période demandée)"}.`,
  noRuns: (window) => `Aucune exécution enregistrée ${window}.`,
  latest: (instant) =>
    ` Dernière donnée reçue : ${instant}. Ce n’est pas la même chose que « 0 échec » : l’ingestion est peut-être arrêtée.`,
  noData: "Aucune exécution n’est encore indexée. Lancez « flow-rag ingest ».",
  unread: (phrase) => `Je n’ai pas compris la période (« ${phrase} »). Essayez « hier », « ces 3 derniers jours » ou « 2026-05-05 ».`,
  nearest: (count) =>
    count === 1 ? "L’exécution la plus proche de la question :" : `Les ${count} exécutions les plus proches de la question :`,
  nothingFound: "Je n’ai rien trouvé sur ce sujet dans les exécutions.",
  colon: " :",
  quotes: ["« ", " »"],
};

const english: Words = {
  nouns: {
    any: plural("run", "runs"),
    failed: plural("failure", "failures"),
    success: plural("success", "successes"),
    running: plural("run in progress", "runs in progress"),
    cancelled: plural("cancelled run", "cancelled runs"),
    skipped: plural("skipped run", "skipped runs"),
    warning: plural("warning", "warnings"),
    unknown: plural("run of unknown status", "runs of unknown status"),
  },
  outOf: (count, many) => `out of ${count} run${many ? "s" : ""}`,
  inTechs: (count) => `, in ${count} techno${count === 1 ? "" : "s"}`,
  inPipelines: (count) => `, on ${count} pipeline${count === 1 ? "" : "s"}`,
  windows: {
    today: "Today",
    yesterday: "Yesterday",
    dayBefore: "The day before yesterday",
    night: "Last night",
    thisWeek: "This week",
    lastWeek: "Last week",
    thisMonth: "This month",
    lastMonth: "Last month",
    day: "On",
  },
  last: (count, unit, many) => (many ? `In the last ${count} ${unit}` : `In the last ${unit}`),
  mostly: (quote, times) => `Mostly ${quote} (${times}x).`,
  others: (count) => `• and ${count} more`,
  span: (from, to, zone, stated) => `Window: from ${from} to ${to}, ${zone}${stated ? "" : " (no period was asked for)"}.`,
  noRuns: (window) => `No run recorded ${window}.`,
  latest: (instant) => ` Latest data: ${instant}. That is not the same as "0 failures": ingestion may have stopped.`,
  noData: 'No run is indexed yet. Start "flow-rag ingest".',
  unread: (phrase) => `I did not understand the period ("${phrase}"). Try "yesterday", "the last 3 days" or "2026-05-05".`,
  nearest: (count) => (count === 1 ? "The run nearest to the question:" : `The ${count} runs nearest to the question:`),
  nothingFound: "I found nothing about that in the runs.",
  colon: ":",
  quotes: ['"', '"'],
};

/** French puts a narrow no-break space inside quotes and before : ; ? ! */
const spaced = (text: string): string => text.replace(/ ([:;?!»])/g, "\u202F$1").replace(/« /g, "«\u202F");

/** The answer in the question's language, from what was computed and found and nothing else; complete without a language model. */
export function wordAnswer({
  plan,
  facts,
  contexts,
  zone,
}: {
  plan: Plan;
  facts: Facts | undefined;
  contexts: readonly Context[];
  zone: string;
}): string {
  const words = plan.language === "fr" ? french : english;
  const format = createFormat(plan.language, zone);
  const [unread] = plan.unresolved;
  const lines =
    unread !== undefined
      ? [words.unread(unread)]
      : facts && plan.window
        ? factLines(plan, plan.window, facts, words, format, zone)
        : evidenceLines(contexts, words);
  const text = lines.join("\n");
  return plan.language === "fr" ? spaced(text) : text;
}

function factLines(
  plan: Plan,
  window: TimeWindow & { stated: boolean },
  facts: Facts,
  words: Words,
  format: Format,
  zone: string,
): string[] {
  if (facts.dataUntil === null) return [words.noData];
  const label = windowLabel(plan.language, window, words, format);
  const span = words.span(format.instant(window.from), format.instant(window.to), zone, window.stated);
  if (facts.runs === 0) {
    const lower = label.charAt(0).toLowerCase() + label.slice(1);
    const stopped =
      facts.dataUntil < window.to ? words.latest(`${format.day(facts.dataUntil)} ${format.instant(facts.dataUntil).slice(-5)}`) : "";
    return [words.noRuns(lower) + stopped, span];
  }
  const { matching, runs } = facts;
  const noun = words.nouns[plan.status ?? "any"][isMany(plan.language, matching) ? 1 : 0];
  const outOf = plan.status ? ` ${words.outOf(format.number(runs), isMany(plan.language, runs))} (${format.share(matching, runs)})` : "";
  const by = groupLines(plan, facts.groups, words, format);
  const where = matching === 0 ? "" : plan.groupBy === "tech" ? words.inTechs(by.length) : words.inPipelines(by.length);
  const shown = by.slice(0, maxLines);
  const rest = by.length - shown.length;
  return [
    `${label}${words.colon} ${format.number(matching)} ${noun}${outOf}${where}.`,
    ...shown,
    ...(rest > 0 ? [words.others(format.number(rest))] : []),
    span,
  ];
}

/** French counts 0 and 1 as singular, English 1 alone. */
const isMany = (language: Language, count: number): boolean => (language === "fr" ? count > 1 : count !== 1);

function windowLabel(language: Language, { name, from }: TimeWindow, words: Words, format: Format): string {
  if (typeof name !== "string") {
    const many = name.last > 1;
    return words.last(format.number(name.last), units[language][name.unit]?.[many ? 1 : 0] ?? "", many);
  }
  const label = words.windows[name];
  if (name === "day") return `${label} ${format.day(from)}`;
  return name === "yesterday" || name === "dayBefore" || name === "today" ? `${label} (${format.day(from)})` : label;
}

/** One line per techno or pipeline, the most frequent first. */
function groupLines(plan: Plan, groups: readonly RunGroup[], words: Words, format: Format): string[] {
  const lists = new Map<string, RunGroup[]>();
  for (const group of groups) {
    const key = plan.groupBy === "tech" ? group.tech : JSON.stringify([group.pipeline, group.tech]);
    lists.set(key, [...(lists.get(key) ?? []), group]);
  }
  return [...lists.values()].sort((a, b) => total(b) - total(a)).map((list) => groupLine(plan, list, words, format));
}

/** `list` holds the groups of one techno or pipeline, the most frequent first. */
function groupLine(plan: Plan, list: readonly RunGroup[], words: Words, format: Format): string {
  const top = list[0] as RunGroup;
  const count = total(list);
  const noun = words.nouns[plan.status ?? "any"][isMany(plan.language, count) ? 1 : 0];
  const name = plan.groupBy === "tech" ? top.tech : `${top.pipeline} (${top.tech})`;
  const where = plan.groupBy === "tech" ? `, ${pipelinesOf(list, format)}` : "";
  const cause =
    top.sample.error && plan.status === "failed" ? ` ${words.mostly(quoted(top.sample.error, words), format.number(top.count))}` : "";
  return `• ${name}${words.colon} ${format.number(count)} ${noun}${where}.${cause}`;
}

const total = (groups: readonly RunGroup[]): number => groups.reduce((sum, { count }) => sum + count, 0);
const maxNames = 3;

function pipelinesOf(list: readonly RunGroup[], format: Format): string {
  const counts = new Map<string, number>();
  for (const { pipeline, count } of list) counts.set(pipeline, (counts.get(pipeline) ?? 0) + count);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const names = sorted.slice(0, maxNames).map(([pipeline, count]) => `${pipeline} (${format.number(count)})`);
  return [...names, ...(sorted.length > maxNames ? ["…"] : [])].join(", ");
}

/** The first line of an error, cut; what a record says is shown as a quotation and never as our own words. */
function quoted(error: string, { quotes: [open, close] }: Words): string {
  const line = error.split("\n", 1)[0] ?? "";
  const characters = [...line];
  return `${open}${characters.length > maxQuote ? `${characters.slice(0, maxQuote).join("")}…` : line}${close}`;
}

function evidenceLines(contexts: readonly Context[], words: Words): string[] {
  if (contexts.length === 0) return [words.nothingFound];
  const shown = contexts.slice(0, maxLines);
  return [words.nearest(shown.length), ...shown.map(({ content }, index) => `• [${index + 1}] ${firstLine(content)}`)];
}

const firstLine = (text: string): string => [...(text.split("\n", 1)[0] ?? "")].slice(0, 240).join("");
