import type { DoubtKind } from "@flow-rag/contracts";
import type { Facts } from "../facts/facts.js";
import { createFormat } from "../number-format.js";
import { foldText } from "../fold-text.js";
import { mostParts } from "../plan/question-length.js";
import { longestQuotation } from "../plan/quotations.js";
import { isTextOfTool } from "../plan/sought-text.js";
import { windowLabel } from "../window-label.js";
import type { Voice, Wording } from "./voice.js";
import { wordDoubts } from "./word-doubt.js";
import { evidenceLines } from "./word-evidence.js";
import { opening } from "./word-heads.js";
import { operationLines } from "./word-operation.js";
import { blockedLine } from "./word-blocked.js";
import { code, isMany, quote, typeset, upperFirst } from "./words.js";

/**
 * An answer in the question's language, from what was computed and found and nothing else; complete without a language model. `body` is what
 * a model may word again; what stands before and after it (names that are unknown, the window, how complete the data are) is always ours.
 */
export type AnswerParts = { readonly before: string; readonly body: string; readonly after: string };

export function wordParts(wording: Wording): AnswerParts {
  const { language } = wording.plan;
  const { before = [], body = [], after = [] } = parts(createVoice(wording), wording.facts);
  const text = (lines: readonly string[]) => typeset(language, lines.join("\n"));
  return { before: text(before), body: text(body), after: text(after) };
}

export const joinParts = ({ before, body, after }: AnswerParts): string => [before, body, after].filter((part) => part !== "").join("\n");

export const createVoice = (wording: Wording): Voice => {
  const { plan, zone, now, contexts } = wording;
  const { language } = plan;
  return {
    ...wording,
    language,
    french: language === "fr",
    format: createFormat(language, zone),
    label: plan.window ? windowLabel(language, plan.window, zone, now) : language === "fr" ? "sur toutes les données" : "over all the data",
    cite: (id) => {
      const index = contexts.findIndex(({ meta }) => meta.id === id);
      return index === -1 ? "" : ` [${index + 1}]`;
    },
  };
};

type Lines = { before?: string[]; body?: string[]; after?: string[] };

function parts(voice: Voice, facts: Facts | undefined): Lines {
  const { plan, french } = voice;
  if (plan.unresolved.some(({ kind }) => kind === "length")) return { before: [tooLong(french)] };
  if (plan.operation === "help") return { before: [help(french)] };
  const unread = plan.unresolved.filter(({ kind }) => kind === "time");
  if (unread.length > 0)
    return {
      before: [
        unreadTime(
          french,
          unread.map(({ text }) => text),
        ),
      ],
    };
  const notes = nameNotes(voice);
  if (!facts) return { before: notes };
  if (facts.dataUntil === null)
    return {
      before: [
        french ? "Aucune exécution n’est encore indexée. Lancez « flow-rag ingest »." : 'No run is indexed yet. Start "flow-rag ingest".',
      ],
    };
  const lost = voice.evidenceLost === true ? [lostEvidence(french)] : [];
  const after = [...blockedLine(voice, facts), ...footer(voice), ...lost];
  const silence = withoutRuns(voice, facts, facts.dataUntil);
  return silence ? { before: [...notes, ...silence], after } : { before: notes, body: operationLines(voice, facts), after };
}

const lostEvidence = (french: boolean): string =>
  french
    ? "L’index des preuves ne répond pas : la recherche par le sens manque à cette réponse, les chiffres n’en dépendent pas."
    : "The index of evidence does not answer: the search by meaning is missing here, the figures do not depend on it.";

/** What is said when there is no run to speak of. */
function withoutRuns(voice: Voice, facts: Facts, dataUntil: Date): string[] | undefined {
  const { plan, now, french, label } = voice;
  if (plan.window?.from && plan.window.from >= now)
    return [
      french
        ? `${upperFirst(label)} : cette période est à venir, aucune exécution n’y est enregistrée.`
        : `${upperFirst(label)}: that is in the future, no run is recorded.`,
    ];
  const searching =
    plan.operation === "similar" || plan.operation === "missing" || plan.operation === "status" || plan.operation === "compare";
  return facts.runs === 0 && !searching ? [noRuns(voice, dataUntil), ...evidenceLines(voice, facts.nearest ?? [])] : undefined;
}

/** No run is not the same as no failure. */
function noRuns(voice: Voice, dataUntil: Date): string {
  const { plan, french, label, format } = voice;
  const { filters } = plan;
  const names = [...filters.pipelines, ...filters.techs, ...filters.environments].map(code).join(", ");
  if (filters.signatureText !== null) {
    return french
      ? `0 exécution dont l’erreur contient ${quote("fr", filters.signatureText)}, ${label}.`
      : `0 runs whose error contains ${quote("en", filters.signatureText)}, ${label}.`;
  }
  if (filters.minDurationMs !== null || filters.maxDurationMs !== null) return `${opening(voice)} ${french ? "0 exécution" : "0 runs"}.`;
  const stopped = plan.window !== null && dataUntil < plan.window.to;
  const last = `${format.dayOfYear(dataUntil, voice.now)} ${format.time(dataUntil)}`;
  if (french) {
    const tail =
      stopped && names === ""
        ? ` Dernière donnée reçue : ${last}. Ce n’est pas la même chose que « 0 échec » : l’ingestion est peut-être arrêtée.`
        : ` Ce n’est pas la même chose que « 0 échec ».`;
    return `Aucune exécution enregistrée${names ? ` pour ${names}` : ""} ${label}.${tail}`;
  }
  const tail =
    stopped && names === ""
      ? ` Latest data: ${last}. That is not the same as "0 failures": ingestion may have stopped.`
      : ` That is not the same as "0 failures".`;
  return `No run recorded${names ? ` for ${names}` : ""} ${label}.${tail}`;
}

function help(french: boolean): string {
  return french
    ? "Je réponds sur les exécutions de vos pipelines : échecs, durées, tendances, causes, exécutions manquantes. Par exemple : « Quelles technos ont échoué hier ? »"
    : 'I answer about the runs of your pipelines: failures, durations, trends, causes, missing runs. For example: "Which technos failed yesterday?"';
}

function tooLong(french: boolean): string {
  return french
    ? `Votre question est trop longue pour être lue (${mostParts} mots, nombres et signes au plus). Posez-la plus court, ou une question à la fois.`
    : `Your question is too long to be read (${mostParts} words, numbers and marks at most). Ask it shorter, or one question at a time.`;
}

function unreadTime(french: boolean, phrases: readonly string[]): string {
  const said = phrases.map((phrase) => quote(french ? "fr" : "en", phrase)).join(", ");
  return french
    ? `Je n’ai pas compris la date ou la période ${said}. Essayez « hier », « ces 3 derniers jours » ou « du 1er au 3 mars ».`
    : `I did not understand the date or period ${said}. Try "yesterday", "the last 3 days" or "from 1 to 3 March".`;
}

const actions =
  /^(?:relance|relancer|relancez|redemarre|redemarrer|redemarrez|rejoue|rejouer|supprime|supprimer|supprimez|efface|effacer|arrete|arreter|arretez|stoppe|stopper|tue|tuer|corrige|corriger|corrigez|repare|reparer|modifie|modifier|desactive|desactiver|active|activer|deploie|deployer|restart|rerun|retry|relaunch|delete|remove|stop|kill|fix|repair|disable|enable|deploy)$/;
const namesShown = 8;
function nameNotes({ plan, french, catalogue, language }: Voice): string[] {
  const notes: string[] = [];
  for (const { kind, text, near } of plan.unresolved) {
    const said = code(text);
    const close =
      near.length > 0 ? (french ? ` Proches : ${near.map(code).join(", ")}.` : ` Close to it: ${near.map(code).join(", ")}.`) : "";
    const known = (names: readonly string[]) =>
      `${names.slice(0, namesShown).map(code).join(", ")}${names.length > namesShown ? ", …" : ""}`;
    if (kind === "tech" && isTextOfTool(text, plan.filters.signatureText)) {
      notes.push(
        french
          ? `Aucune techno ${quote("fr", text)} dans les données : recherche dans le texte des erreurs.`
          : `There is no techno ${quote("en", text)} in the data: searching the text of the errors.`,
      );
    } else if (kind === "tech") {
      const list =
        catalogue.techs.length > 0
          ? french
            ? ` Technos connues : ${known(catalogue.techs)}.`
            : ` Known technos: ${known(catalogue.techs)}.`
          : "";
      notes.push(
        (french ? `Aucune techno ${quote("fr", text)} dans les données.` : `There is no techno ${quote("en", text)} in the data.`) + list,
      );
    } else if (kind === "environment") {
      const list = catalogue.environments?.length
        ? french
          ? ` Environnements connus : ${known(catalogue.environments)}.`
          : ` Known environments: ${known(catalogue.environments)}.`
        : "";
      notes.push(
        (french
          ? `Aucun environnement ${quote("fr", text)} dans les données.`
          : `There is no environment ${quote("en", text)} in the data.`) + list,
      );
    } else if (kind === "quotation")
      notes.push(
        french
          ? `Le texte cité (${quote("fr", text)}…) est trop long pour être cherché : ${longestQuotation} caractères au plus. Citez-en une partie.`
          : `The quoted text (${quote("en", text)}…) is too long to be sought: ${longestQuotation} characters at most. Quote a part of it.`,
      );
    else if (kind === "uncomputed")
      notes.push(
        french
          ? `Je ne sais pas calculer ${quote("fr", text)} : sans cette partie, le chiffre répondrait à une autre question.`
          : `I cannot compute ${quote("en", text)}: without that part the figure would answer another question.`,
      );
    else if (kind === "owner")
      notes.push(
        french
          ? `Je ne compte rien par équipe ou propriétaire (${quote("fr", text)}) : aucun chiffre ne serait le sien. Nommez ses pipelines.`
          : `I count nothing by team or owner (${quote("en", text)}): no figure would be theirs. Name their pipelines.`,
      );
    else if (kind === "pipeline" || kind === "name") notes.push((french ? `Je ne connais pas ${said}.` : `I do not know ${said}.`) + close);
  }
  for (const { text, name, near } of plan.assumed) {
    const close = [name, ...near.filter((other) => other !== name)].map(code).join(", ");
    notes.push(
      french
        ? `Je ne connais pas ${code(text)}. Proches : ${close}. Réponse pour ${code(name)} (le plus proche).`
        : `I do not know ${code(text)}. Close to it: ${close}. Answering for ${code(name)} (the closest).`,
    );
  }
  if (plan.alsoInErrors) {
    const { text, runs } = plan.alsoInErrors;
    const many = isMany(language, runs);
    notes.push(
      french
        ? `Réponse pour le nom ${code(text)} ; ${runs} ${many ? "textes" : "texte"} d’erreur de la période ${many ? "le contiennent" : "le contient"} aussi.`
        : `Answering for the name ${code(text)}; ${runs} error ${many ? "texts" : "text"} of the period ${many ? "hold" : "holds"} it too.`,
    );
  }
  const asked = plan.unresolved.filter(({ kind }) => kind === "several").map(({ text }) => quote(language, text));
  if (asked.length > 0)
    notes.push(
      french
        ? `Je réponds à une question à la fois. Posez l’une de celles-ci : ${asked.join(", ")}.`
        : `I answer one question at a time. Ask one of these: ${asked.join(", ")}.`,
    );
  const words = plan.unresolved.filter(({ kind }) => kind === "word").map(({ text }) => text);
  if (words.some((word) => actions.test(foldText(word))))
    notes.push(
      french
        ? "Je ne lance, n’arrête et ne modifie rien : je réponds sur les exécutions."
        : "I start, stop and change nothing: I answer about runs.",
    );
  const ignored = words.filter((word) => !actions.test(foldText(word))).map((word) => quote(language, word));
  if (ignored.length > 0)
    notes.push(french ? `Non pris en compte : ${ignored.join(", ")}.` : `Not taken into account: ${ignored.join(", ")}.`);
  return notes;
}

/** Doubts that are a matter of course in a running system: they stand on the window's line, the others on lines of their own before it. */
const everyday: readonly DoubtKind[] = ["data_until", "pending", "set_aside", "future_runs"];

/** The window that was executed, and how complete the data are for it. */
function footer({ plan, french, format, zone, now, doubts, language }: Voice): string[] {
  const { window, compareWindow } = plan;
  const span = (from: Date | null, to: Date) => {
    // Years are said where they are not all this one.
    const far = [from ?? to, to].some((edge) => format.year(edge) !== format.year(now));
    const at = (edge: Date) => (far ? `${format.date(edge)} ${format.year(edge)} ${format.time(edge)}` : format.instant(edge));
    const start = from && at(from);
    const end = at(to);
    return french ? (start ? `du ${start} au ${end}` : `jusqu’au ${end}`) : start ? `from ${start} to ${end}` : `until ${end}`;
  };
  const parts: string[] = [];
  if (window) {
    const versus = compareWindow
      ? french
        ? `, comparée à : ${span(compareWindow.from, compareWindow.to)}`
        : `, compared with: ${span(compareWindow.from, compareWindow.to)}`
      : "";
    const chosen = window.stated ? "" : french ? " (aucune période demandée)" : " (no period was asked for)";
    parts.push(`${french ? "Fenêtre : " : "Window: "}${span(window.from, window.to)}${versus}, ${zone}${chosen}.`);
  } else if (plan.emptyWindow !== undefined)
    parts.push(french ? `Fenêtre : toutes les données (rien ${plan.emptyWindow}).` : `Window: all the data (nothing ${plan.emptyWindow}).`);
  else parts.push(french ? "Fenêtre : toutes les données (aucune période demandée)." : "Window: all the data (no period was asked for).");
  const tell = (wanted: boolean) =>
    wordDoubts(
      doubts.filter(({ kind }) => everyday.includes(kind) === wanted),
      { language, zone, now },
    );
  const state = doubts.length > 0 ? tell(true) : [french ? "Données complètes." : "Data complete."];
  return [...tell(false), [...parts, ...state].join(" ")];
}
