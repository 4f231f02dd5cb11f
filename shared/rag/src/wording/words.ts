import type { Language, RunStatus } from "@flow-rag/contracts";
import { tellingLine } from "../telling-line.js";

type Noun = readonly [one: string, many: string];
const statusNouns: Record<Language, Record<RunStatus, Noun>> = {
  fr: {
    failed: ["échec", "échecs"],
    success: ["succès", "succès"],
    running: ["exécution en cours", "exécutions en cours"],
    cancelled: ["exécution annulée", "exécutions annulées"],
    skipped: ["exécution sautée", "exécutions sautées"],
    warning: ["avertissement", "avertissements"],
    unknown: ["exécution au statut inconnu", "exécutions au statut inconnu"],
    upstream_failed: ["exécution bloquée (amont)", "exécutions bloquées (amont)"],
    waiting: ["exécution en attente", "exécutions en attente"],
  },
  en: {
    failed: ["failure", "failures"],
    success: ["success", "successes"],
    running: ["run in progress", "runs in progress"],
    cancelled: ["cancelled run", "cancelled runs"],
    skipped: ["skipped run", "skipped runs"],
    warning: ["warning", "warnings"],
    unknown: ["run of unknown status", "runs of unknown status"],
    upstream_failed: ["run blocked upstream", "runs blocked upstream"],
    waiting: ["run waiting to start", "runs waiting to start"],
  },
};
const runNoun: Record<Language, Noun> = { fr: ["exécution", "exécutions"], en: ["run", "runs"] };
const groupNouns: Record<Language, Record<string, Noun>> = {
  fr: {
    pipeline: ["pipeline", "pipelines"],
    tech: ["techno", "technos"],
    environment: ["environnement", "environnements"],
    signature: ["erreur", "erreurs différentes"],
    status: ["statut", "statuts"],
  },
  en: {
    pipeline: ["pipeline", "pipelines"],
    tech: ["techno", "technos"],
    environment: ["environment", "environments"],
    signature: ["error", "different errors"],
    status: ["status", "statuses"],
  },
};

const statusOrder: readonly RunStatus[] = [
  "failed",
  "success",
  "warning",
  "running",
  "waiting",
  "cancelled",
  "skipped",
  "upstream_failed",
  "unknown",
];
/** Counts by status, the failures first. */
export const statusCounts = (counts: Partial<Record<RunStatus, number>>): [RunStatus, number][] =>
  statusOrder.flatMap((status) => (counts[status] ? [[status, counts[status]] as [RunStatus, number]] : []));

/** French counts 0 and 1 as singular, English 1 alone. */
export const isMany = (language: Language, count: number): boolean => (language === "fr" ? count > 1 : count !== 1);
const pick = (language: Language, count: number, [one, many]: Noun): string => (isMany(language, count) ? many : one);

/** `échecs`, `runs`: what runs of these statuses are called; several statuses together are runs. */
export function runsNamed(language: Language, statuses: readonly RunStatus[], count: number): string {
  const [status] = statuses;
  return pick(language, count, status !== undefined && statuses.length === 1 ? statusNouns[language][status] : runNoun[language]);
}
export const groupNamed = (language: Language, group: string, count: number): string =>
  pick(language, count, groupNouns[language][group] ?? groupNouns[language]["pipeline"] ?? ["", ""]);

/** French puts a narrow no-break space inside quotes and before : ; ? ! */
export const typeset = (language: Language, text: string): string =>
  language === "fr" ? text.replace(/ ([:;?!»])/g, "\u202F$1").replace(/« /g, "«\u202F") : text;

/**
 * Within `[3]`, `](` or `]:` of a record: they read as they are, and are no citation of ours and no link. Longer numbers than three digits cite
 * nothing anyway.
 */
const hairSpace = "\u200A";

/**
 * Text of a record without anything that a reader's program would act on: no markup, link, mention, citation, emphasis, control or
 * invisible character. Angle brackets become ‹ and ›, addresses get `[:]` for their colon, as security teams write them.
 */
const inertText = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[`«»“”]/g, "'")
    .replace(/\[(?=\s*\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*\])/g, `[${hairSpace}`)
    .replace(/<([!@#/?a-zA-Z*][^<>]*)>/g, "‹$1›")
    .replace(/<(?=[!@#/?a-zA-Z*])/g, "‹")
    .replace(/&(?=#|[a-z]{2,8};)/gi, "＆")
    .replace(/!(?=\[)|\](?=[(:[])/g, `$&${hairSpace}`)
    .replace(/\b([a-z][a-z0-9+.-]*):(?=\/\/)|\b(javascript|vbscript|mailto|data|tel):(?=\S)/gi, "$1$2[:]")
    .replace(/\bwww\.(?=\w)/gi, "www[.]")
    .replace(/@(?=(?:channel|here|everyone|all)\b)/gi, "(at)")
    .replace(/\*+(?=\S)|(?<=\S)\*+/g, "∗");

/** Text of a record: its first line, cut, and shown as a quotation, never as our own words. */
export function quote(language: Language, text: string, most = 120): string {
  const line = inertText(tellingLine(text)).replace(/ {2,}/g, " ").trim();
  const characters = [...line];
  const cut = characters.length > most ? `${characters.slice(0, most).join("")}…` : line;
  return language === "fr" ? `« ${cut} »` : `"${cut.replace(/"/g, "'")}"`;
}
const longestName = 120;
/** A name of the data, on one line, as code: nothing in it is followed or rendered. */
export const code = (name: string): string => `\`${plainName(name).replace(/`/g, "'")}\``;
/** A name that stands among words. */
export const inertName = (name: string): string => inertText(plainName(name));

const plainName = (name: string): string => {
  const line = name.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return line.length > longestName ? `${line.slice(0, longestName)}…` : line;
};
/** `par rapport au lun. 4 mai`, `par rapport à mars 2026`, `compared with Mon 4 May`: a window's label behind such words. */
export const comparedWith = (language: Language, label: string): string =>
  language === "fr"
    ? `par rapport à ${label.replace(/^en (?=\p{L})/u, "")}`
        .replace(/^par rapport à les /, "par rapport aux ")
        .replace(/^par rapport à le /, "par rapport au ")
        .replace(/^par rapport à du (?=.* au )/, "par rapport à la période du ")
    : `compared with ${label.replace(/^(?:on|in) /, "")}`;
export const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
