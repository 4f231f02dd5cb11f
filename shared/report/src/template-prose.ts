import { cleanLine } from "@flow-rag/kernel";
import type { ReportKind, ReportPart, TopSignature } from "./report.js";
import type { Voice } from "./voice.js";

const technosNamed = 3;
const pipelinesNamed = 3;
const nameLength = 60;
const quotationLength = 120;

/** The summary without a language model, of a part with failures: where they are, whether that is usual, of what kind, and what still fails. */
export function templateProse(part: ReportPart, kind: ReportKind, voice: Voice): string {
  return [placeSentence(part, voice), trendSentence(part, kind, voice), errorSentence(part, voice), stateSentence(part, voice)]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function placeSentence({ figures: { failed }, failing, techs }: ReportPart, { count, text, list, number }: Voice): string {
  const [pipeline] = failing;
  const [tech] = techs;
  if (!pipeline || !tech) return "";
  const [pipelineName, techName] = [cleanLine(pipeline.pipeline, nameLength), cleanLine(tech.tech, nameLength)];
  const failures = count(failed, "failure");
  if (failing.length === 1) {
    const place = `${pipelineName} (${techName})`;
    return failed === 1
      ? text(`Le seul échec vient de ${place}.`, `The one failure is on ${place}.`)
      : text(`Les ${failures} viennent tous de ${place}.`, `The ${failures} are all on ${place}.`);
  }
  const pipelines = count(failing.length, "pipeline");
  if (techs.length === 1)
    return text(
      `Les ${failures} touchent ${pipelines}, tous sur ${techName}.`,
      `The ${failures} are on ${pipelines}, all of them ${techName}.`,
    );
  const named = list(techs.slice(0, technosNamed).map((one) => `${cleanLine(one.tech, nameLength)} (${number(one.failures)})`));
  const technos = count(techs.length, "techno");
  return techs.length > technosNamed
    ? text(
        `Les ${failures} touchent ${pipelines} dans ${technos}, dont ${named}.`,
        `The ${failures} are on ${pipelines} in ${technos}, among them ${named}.`,
      )
    : text(
        `Les ${failures} touchent ${pipelines} dans ${technos} : ${named}.`,
        `The ${failures} are on ${pipelines} in ${technos}: ${named}.`,
      );
}

function trendSentence({ figures: { failed }, usual, before }: ReportPart, kind: ReportKind, { text, count, number }: Voice): string {
  if (usual) {
    const median = text(
      ` (médiane de ${number(usual.failed)} sur ${count(usual.spans, "day")})`,
      ` (a median of ${number(usual.failed)} over ${count(usual.spans, "day")})`,
    );
    if (usual.failed === 0) return text(`D’habitude, il n’y en a pas${median}.`, `Usually there are none${median}.`);
    if (failed === usual.failed) return text(`C’est le niveau habituel${median}.`, `That is the usual level${median}.`);
    return failed > usual.failed
      ? text(`C’est plus que d’habitude${median}.`, `That is more than usual${median}.`)
      : text(`C’est moins que d’habitude${median}.`, `That is fewer than usual${median}.`);
  }
  if (!before) return "";
  const then = `${kind === "weekly" ? text("la semaine précédente", "the week before") : text("la veille", "the day before")} (${count(before.failed, "failure")})`;
  if (failed === before.failed) return text(`C’est autant que ${then}.`, `That is as many as ${then}.`);
  return failed > before.failed
    ? text(`C’est plus que ${then}.`, `That is more than ${then}.`)
    : text(`C’est moins que ${then}.`, `That is fewer than ${then}.`);
}

function errorSentence({ figures: { failed }, signatures }: ReportPart, voice: Voice): string {
  const { count, text, french } = voice;
  const top = signatures.find(({ cause }) => cause.text !== null);
  if (!top?.cause.text) return "";
  const inner = cleanLine(top.cause.text.replace(/[«»“”]/g, "'"), quotationLength);
  const quotation = french ? `«\u202f${inner}\u202f»` : `“${inner}”`;
  if (top.failures === failed)
    return failed === 1
      ? text(`Son erreur, ${quotation}, ${stateText(top, voice)}.`, `Its error, ${quotation}, ${stateText(top, voice)}.`)
      : text(
          `Tous portent la même erreur, ${quotation}, qui ${stateText(top, voice)}.`,
          `All have the same error, ${quotation}, which ${stateText(top, voice)}.`,
        );
  if (top.failures === 1) return text("Aucune erreur ne s’est produite deux fois.", "No error occurred twice.");
  const amount = `${count(top.failures, "failure")} ${text("sur", "on")} ${count(top.pipelines.length, "pipeline")}`;
  return text(
    `L’erreur la plus fréquente, ${quotation}, explique ${amount} ; elle ${stateText(top, voice)}.`,
    `The most frequent error, ${quotation}, accounts for ${amount}; it ${stateText(top, voice)}.`,
  );
}

function stateText({ state }: TopSignature, { text }: Voice): string {
  switch (state) {
    case "new":
      return text("n’avait jamais été vue", "had never been seen before");
    case "regressed":
      return text("revient après une absence", "is back after an absence");
    case "ongoing":
    case "resolved":
      return text("était déjà connue", "was known already");
    case null:
      return text("est apparue sur la période", "occurred in this period");
  }
}

function stateSentence({ failing }: ReportPart, { text, count, list, number }: Voice): string {
  const still = failing.filter(({ stillFailing }) => stillFailing);
  if (failing.length === 1)
    return still.length === 1
      ? text("Sa dernière exécution est encore un échec.", "Its last run failed as well.")
      : text("Le pipeline s’est rétabli depuis.", "The pipeline has recovered since.");
  if (still.length === 0) return text("Tous ces pipelines se sont rétablis depuis.", "All of these pipelines have recovered since.");
  if (still.length === failing.length)
    return text("Aucun ne s’est rétabli : la dernière exécution de chacun a échoué.", "None has recovered: the last run of each failed.");
  const names = still.slice(0, pipelinesNamed).map(({ pipeline }) => cleanLine(pipeline, nameLength));
  const left = still.length - names.length;
  const all = list([...names, ...(left > 0 ? [count(left, "other")] : [])]);
  return still.length === 1
    ? text(`Un seul n’est pas rétabli : ${all}.`, `One has not recovered: ${all}.`)
    : text(`${number(still.length)} ne sont pas rétablis : ${all}.`, `${number(still.length)} have not recovered: ${all}.`);
}
