import type { Doubt, Language } from "@flow-rag/contracts";
import { createFormat, type Format } from "../number-format.js";
import { isMany, quote, typeset } from "./words.js";

type Speech = { readonly language: Language; readonly zone: string; readonly now: Date };
type Speaker = {
  readonly french: boolean;
  readonly format: Format;
  /** A record's or a vendor's text, in quotation marks and without anything that a reader's program would act on. */
  readonly cite: (text: string) => string;
  readonly at: (iso: string) => string;
  readonly of: (count: number, noun: keyof typeof nouns) => string;
};

const nouns = {
  run: { fr: ["exécution", "exécutions"], en: ["run", "runs"] },
  record: { fr: ["enregistrement", "enregistrements"], en: ["record", "records"] },
  word: { fr: ["autre mot", "autres mots"], en: ["other word", "other words"] },
  gap: { fr: ["autre trou", "autres trous"], en: ["other gap", "other gaps"] },
} as const;

/** One doubt in one sentence, the same on every surface. Times are of `zone`; the year stands where it is not that of `now`. */
export function wordDoubt(doubt: Doubt, { language, zone, now }: Speech): string {
  const french = language === "fr";
  const format = createFormat(language, zone);
  const speaker: Speaker = {
    french,
    format,
    cite: (text) => quote(language, text),
    at: (iso) => `${format.dayOfYear(new Date(iso), now)} ${format.time(new Date(iso))}`,
    of: (count, noun) => `${format.number(count)} ${nouns[noun][language][isMany(language, count) ? 1 : 0]}`,
  };
  return typeset(language, sentence(doubt, speaker));
}

/** Gaps that are told one by one. */
const gapsShown = 3;

/** The sentences of a list of doubts, in its order; many gaps are told in short. */
export function wordDoubts(doubts: readonly Doubt[], speech: Speech): string[] {
  const gaps = doubts.filter(({ kind }) => kind === "gap");
  const left = new Set(gaps.slice(gapsShown));
  const more = left.size;
  const sentences = doubts.filter((one) => !left.has(one)).map((one) => wordDoubt(one, speech));
  if (more === 0) return sentences;
  const noun = nouns.gap[speech.language][more > 1 ? 1 : 0];
  return [...sentences, speech.language === "fr" ? `${more} ${noun} de données.` : `${more} ${noun} in the data.`];
}

function sentence(doubt: Doubt, speaker: Speaker): string {
  const { french, cite, at, of } = speaker;
  switch (doubt.kind) {
    case "data_until":
      if (doubt.at === null) return french ? "Aucune donnée." : "No data.";
      return french ? `Données jusqu’à ${at(doubt.at)}.` : `Data until ${at(doubt.at)}.`;
    case "source_stopped":
      return stoppedText(doubt, speaker);
    case "gap":
      return french
        ? `Trou de données : rien de ${cite(doubt.source)} du ${at(doubt.from)} au ${at(doubt.to)}, où il y en a d’habitude.`
        : `Gap in the data: nothing of ${cite(doubt.source)} from ${at(doubt.from)} to ${at(doubt.to)}, where there usually is some.`;
    case "held_removals":
      return heldText(doubt, speaker);
    case "imported":
      return french
        ? `${of(doubt.records, "record")} ${isMany("fr", doubt.records) ? "importés" : "importé"} dans ${cite(doubt.source)} (${at(doubt.at)}), pas encore ${isMany("fr", doubt.records) ? "lus" : "lu"} : ${doubt.command}`
        : `${of(doubt.records, "record")} imported into ${cite(doubt.source)} (${at(doubt.at)}), not read yet: ${doubt.command}`;
    case "pending":
      if (doubt.records === null) return french ? "Ce qui attend d’être indexé n’est pas connu." : "What waits to be indexed is not known.";
      return french ? `${of(doubt.records, "run")} en attente d’indexation.` : `${of(doubt.records, "run")} waiting to be indexed.`;
    case "set_aside":
      return french
        ? `${of(doubt.records, "record")} ${isMany("fr", doubt.records) ? "écartés" : "écarté"} (flow-rag dead-letters list).`
        : `${of(doubt.records, "record")} set aside (flow-rag dead-letters list).`;
    case "unread_status":
      return unreadText(doubt, speaker);
    case "future_runs":
      return french
        ? `${of(doubt.runs, "run")} ${isMany("fr", doubt.runs) ? "datées" : "datée"} dans le futur, jusqu’au ${at(doubt.until)}.`
        : `${of(doubt.runs, "run")} dated in the future, until ${at(doubt.until)}.`;
  }
}

const wordsShown = 5;
type Unread = Extract<Doubt, { kind: "unread_status" }>;
/** How many runs, the words, which of them want a look, and that no figure of failures or successes holds them. */
function unreadText({ runs, withError, words, others }: Unread, { french, format, cite, of }: Speaker): string {
  const none = french ? "sans statut" : "no status";
  const shown = words.slice(0, wordsShown).map(({ word, runs: own }) => `${word === "" ? none : cite(word)} (${format.number(own)})`);
  const more = others + words.length - shown.length;
  const named = [...shown, ...(more > 0 ? [of(more, "word")] : [])].join(", ");
  const errors =
    withError === 0
      ? ""
      : french
        ? `, dont ${format.number(withError)} avec un texte d’erreur`
        : `, ${format.number(withError)} with an error text`;
  return french
    ? `À regarder : ${of(runs, "run")} au statut non reconnu (${named})${errors}, ni succès ni échec dans les chiffres ; SOURCE_STATUSES apprend ces mots.`
    : `Look at: ${of(runs, "run")} with an unread status (${named})${errors}, neither success nor failure in the figures; SOURCE_STATUSES teaches these words.`;
}

type Stopped = Extract<Doubt, { kind: "source_stopped" }>;
function stoppedText({ source, why, since, reason }: Stopped, { french, cite, at }: Speaker): string {
  const cause = reason === null ? "" : ` (${cite(reason)})`;
  const name = cite(source);
  switch (why) {
    case "silent":
      return french
        ? `Rien de ${name} depuis ${at(since)}, plus longtemps que d’habitude.`
        : `Nothing of ${name} since ${at(since)}, longer than usual.`;
    case "pull_failing":
      return french
        ? `La lecture de ${name} échoue depuis ${at(since)}${cause}.`
        : `Reading ${name} has failed since ${at(since)}${cause}.`;
    case "not_pulled":
      return french ? `${name} n’a pas été relue depuis ${at(since)}.` : `${name} has not been read since ${at(since)}.`;
  }
}

type Held = Extract<Doubt, { kind: "held_removals" }>;
function heldText({ source, runs, copies, since, command }: Held, { french, at, of, cite, format }: Speaker): string {
  const again =
    copies === 0
      ? ""
      : french
        ? `, dont ${format.number(copies)} en double sous un nouvel id`
        : `, ${format.number(copies)} of them twice, under a new id`;
  return french
    ? `${of(runs, "run")} sans enregistrement dans ${cite(source)} (vu ${at(since)}) ${isMany("fr", runs) ? "restent comptées" : "reste comptée"}${again} : ${command}`
    : `${of(runs, "run")} without a record in ${cite(source)} (seen ${at(since)}) still counted${again}: ${command}`;
}
