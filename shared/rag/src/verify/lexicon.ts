import type { Language, RunStatus } from "@flow-rag/contracts";

/** What is counted, by the folded word that names it. */
export type CountKind =
  | "failures"
  | "success"
  | "runs"
  | "pipelines"
  | "techs"
  | "environments"
  | "signatures"
  | "statuses"
  | "times"
  | "others"
  | "records"
  | "periods"
  | "points"
  | "warning";

const nouns: Record<Language, readonly (readonly [RegExp, readonly CountKind[]])[]> = {
  fr: [
    [/^(?:echecs?|plantages?|pannes?)$/, ["failures"]],
    [/^erreurs?$/, ["failures", "signatures"]],
    [/^(?:succes|reussites?)$/, ["success"]],
    [/^(?:executions?|runs?|passages?|lancements?|traitements?)$/, ["runs"]],
    [/^jobs?$/, ["runs", "pipelines"]],
    [/^(?:pipelines?|flux)$/, ["pipelines"]],
    [/^(?:technos?|technologies?)$/, ["techs"]],
    [/^environnements?$/, ["environments"]],
    [/^(?:signatures?|messages?)$/, ["signatures"]],
    [/^statuts?$/, ["statuses"]],
    [/^(?:fois|reprises)$/, ["times"]],
    [/^autres?$/, ["others"]],
    [/^enregistrements?$/, ["records"]],
    [/^periodes?$/, ["periods"]],
    [/^(?:points?|pts?)$/, ["points"]],
    [/^avertissements?$/, ["warning"]],
  ],
  en: [
    [/^(?:failures?|crash(?:es)?|breakdowns?)$/, ["failures"]],
    [/^errors?$/, ["failures", "signatures"]],
    [/^success(?:es)?$/, ["success"]],
    [/^(?:runs?|executions?)$/, ["runs"]],
    [/^jobs?$/, ["runs", "pipelines"]],
    [/^(?:pipelines?|flows?)$/, ["pipelines"]],
    [/^(?:technos?|technolog(?:y|ies)|techs?)$/, ["techs"]],
    [/^environments?$/, ["environments"]],
    [/^(?:signatures?|messages?)$/, ["signatures"]],
    [/^status(?:es)?$/, ["statuses"]],
    [/^times?$/, ["times"]],
    [/^(?:others?|more)$/, ["others"]],
    [/^records?$/, ["records"]],
    [/^periods?$/, ["periods"]],
    [/^(?:points?|pts?)$/, ["points"]],
    [/^warnings?$/, ["warning"]],
  ],
};
export const countKinds = (language: Language, word: string): readonly CountKind[] | undefined =>
  nouns[language].find(([pattern]) => pattern.test(word))?.[1];

/** Words by which a run is said to have ended in some way. */
const outcomes: Record<Language, readonly (readonly [RegExp, RunStatus])[]> = {
  fr: [
    [
      /^(?:echou\w*|echecs?|plant(?:e|ee|es|ees|ent|ait|aient)|pannes?|ko|defaillan\w*|plantages?|touche\w*|affecte\w*|concerne\w*|rate|ratee|rates|ratees)$/,
      "failed",
    ],
    [/^(?:reuss\w+|succes|aboutis?|abouties?|ok)$/, "success"],
    [/^(?:annule\w*|annulations?)$/, "cancelled"],
    [/^(?:saute\w*|ignoree?s?)$/, "skipped"],
    [/^avertissements?$/, "warning"],
    [/^inconnue?s?$/, "unknown"],
    [/^bloque(?:e|s|es)?$/, "upstream_failed"],
  ],
  en: [
    [/^(?:hit|affect\w*|fail\w*|crash\w*|broke|broken|errored)$/, "failed"],
    [/^(?:succe\w+|passed|passing|ok|healthy)$/, "success"],
    [/^cancel\w*$/, "cancelled"],
    [/^skip\w*$/, "skipped"],
    [/^warnings?$/, "warning"],
    [/^unknown$/, "unknown"],
    [/^blocked$/, "upstream_failed"],
  ],
};
export const outcomeOf = (language: Language, word: string): RunStatus | undefined =>
  outcomes[language].find(([pattern]) => pattern.test(word))?.[1];

const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));
type ByLanguage = Record<Language, ReadonlySet<string>>;

/** Words that make a sentence say the opposite. "plus" and "pas" alone are told from "plus de" by the "ne" beside them. */
export const negations: ByLanguage = {
  fr: set("aucun aucune sans ni jamais nul nulle non"),
  en: set("no not never none without neither nor zero didn doesn don wasn weren isn aren hasn haven hadn cannot"),
};
/** Words after which a part of a sentence stands by itself. */
export const joints: ByLanguage = {
  fr: set("dont et puis mais tandis alors contre avec ou soit notamment parmi ainsi"),
  en: set("and but while whereas against with or then including versus vs plus namely"),
};
/** Names after these are left out of what is counted. */
export const exceptions: ByLanguage = { fr: set("hors sauf excepte"), en: set("without excluding except") };
/** What follows is the other of two windows. */
export const before: ByLanguage = { fr: set("contre versus vs"), en: set("against versus vs") };
/** What follows is the whole of which the number before is a part. */
export const wholes: ByLanguage = { fr: set("sur des parmi les ces total de"), en: set("of out from among the") };
/** The figure is that of everything. */
export const totals: ByLanguage = { fr: set("total tout globalement ensemble"), en: set("total overall altogether all") };
/** A sentence that begins so goes on about what was said last. */
export const pronouns: ByLanguage = {
  fr: set("il elle ils elles ce cette cet ces celui celle ceux celles y son sa ses leur leurs"),
  en: set("it they this that these those its their he she"),
};
/** The first of a ranking. */
export const superlatives: ByLanguage = {
  fr: set("surtout principalement principal principale majoritairement tete premier premiere pire"),
  en: set("mostly mainly most worst top leading chiefly"),
};
export const measures: Record<Language, ReadonlyMap<string, string>> = {
  fr: new Map(
    Object.entries({
      mediane: "median",
      median: "median",
      p95: "p95",
      moyenne: "average",
      moyen: "average",
      moyennes: "average",
      maximum: "max",
      minimum: "min",
      maximale: "max",
      minimale: "min",
    }),
  ),
  en: new Map(
    Object.entries({
      median: "median",
      p95: "p95",
      average: "average",
      mean: "average",
      maximum: "max",
      minimum: "min",
      longest: "max",
      shortest: "min",
    }),
  ),
};
/** Words that say which way a figure went. */
const upwards: ByLanguage = {
  fr: set(
    "hausse augmente augmentation augmentent augmentait progresse progression monte davantage degrade aggrave aggravation empire pic",
  ),
  en: set("up rise rises rose increase increased increases grew growth higher worse worsened spike more"),
};
const downwards: ByLanguage = {
  fr: set("baisse baissent diminue diminution recul recule moins ameliore amelioration chute reduit reduite"),
  en: set("down fall falls fell decrease decreased decreases lower fewer less improved improvement dropped drop decline"),
};
const level: ByLanguage = {
  fr: set("stable stables identique identiques inchange inchangee egal egale"),
  en: set("stable unchanged same equal steady flat"),
};
export type Direction = "up" | "down" | "level";
export const directionOf = (language: Language, word: string): Direction | undefined =>
  upwards[language].has(word) ? "up" : downwards[language].has(word) ? "down" : level[language].has(word) ? "level" : undefined;
