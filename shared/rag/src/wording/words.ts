import type { Language, RunStatus } from "@flow-rag/contracts";

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
  },
  en: {
    failed: ["failure", "failures"],
    success: ["success", "successes"],
    running: ["run in progress", "runs in progress"],
    cancelled: ["cancelled run", "cancelled runs"],
    skipped: ["skipped run", "skipped runs"],
    warning: ["warning", "warnings"],
    unknown: ["run of unknown status", "runs of unknown status"],
  },
};
const runNoun: Record<Language, Noun> = { fr: ["exécution", "exécutions"], en: ["run", "runs"] };
const groupNouns: Record<Language, Record<string, Noun>> = {
  fr: {
    pipeline: ["pipeline", "pipelines"],
    tech: ["techno", "technos"],
    environment: ["environnement", "environnements"],
    signature: ["erreur différente", "erreurs différentes"],
    status: ["statut", "statuts"],
  },
  en: {
    pipeline: ["pipeline", "pipelines"],
    tech: ["techno", "technos"],
    environment: ["environment", "environments"],
    signature: ["different error", "different errors"],
    status: ["status", "statuses"],
  },
};

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

/** Text of a record: one line, cut, and shown as a quotation, never as our own words. Backticks and brackets cannot close what we open. */
export function quote(language: Language, text: string, most = 120): string {
  const line = (text.split("\n", 1)[0] ?? "")
    .replace(/[`«»“”]/g, "'")
    .replace(/\[(\d+)\]/g, "($1)")
    .replace(/<(?=[!@#])/g, "‹")
    .replace(/\]\(/g, "] (")
    .trim();
  const characters = [...line];
  const cut = characters.length > most ? `${characters.slice(0, most).join("")}…` : line;
  return language === "fr" ? `« ${cut} »` : `"${cut.replace(/"/g, "'")}"`;
}
export const code = (name: string): string => `\`${name.replace(/`/g, "'")}\``;
export const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
