import { findingPhrase, type FindingKind, type FollowedFinding } from "@flow-rag/insights";
import { plain } from "./row-pieces.js";
import { code, joined, type Inline, type Voice } from "./voice.js";

/** The sentences of an incident, the one that says most first. */
const order: readonly FindingKind[] = [
  "consecutive_failures",
  "new_error",
  "regressed_error",
  "failure_rate",
  "duration",
  "volume",
  "missing_run",
  "not_enough_history",
];

/** Not only about how long or how often its pipelines ran. */
export const isAboutFailures = ({ kinds }: { kinds: readonly FindingKind[] }): boolean =>
  kinds.some((kind) => kind !== "duration" && kind !== "volume");

/** Of more pipelines than these a kind is told once, with their number. */
const pipelinesNamed = 2;

/** What is unusual, once for each kind: several new errors are one phrase, and so is one error on several pipelines. */
export function phrasesOf(
  findings: readonly FollowedFinding[],
  { isSingle, shownFrom }: { isSingle: boolean; shownFrom: number },
  voice: Voice,
): Inline[][] {
  const { text, number, count } = voice;
  const sorted = [...findings].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const told = new Set<FindingKind>();
  return sorted.flatMap((finding): Inline[][] => {
    const { kind, pipeline, facts } = finding;
    if (told.has(kind)) return [];
    const own = sorted.filter((one) => one.kind === kind);
    if (kind !== "new_error" && kind !== "regressed_error") {
      const pipelines = new Set(own.map((one) => one.pipeline)).size;
      const many = manyOf(kind, voice);
      if (pipelines <= pipelinesNamed || many === undefined)
        return [joined([isSingle ? [] : [code(pipeline)], plain(phraseOf(finding, voice, shownFrom))], " ")];
      told.add(kind);
      return [plain(`${many} ${text("sur", "on")} ${count(pipelines, "pipeline")}`)];
    }
    told.add(kind);
    const errors = new Set(own.map(({ signature }) => signature)).size;
    if (own.every(({ state }) => state === "ongoing"))
      return [
        plain(
          errors === 1
            ? text("la même erreur continue", "the same error goes on")
            : text("les mêmes erreurs continuent", "the same errors go on"),
        ),
      ];
    if (kind === "new_error")
      return [
        plain(
          errors === 1
            ? text("erreur jamais vue", "an error never seen before")
            : text(`${number(errors)} erreurs jamais vues`, `${number(errors)} errors never seen before`),
        ),
      ];
    const quietDays = voice.count(Math.min(...own.map((one) => one.facts["quietDays"] ?? facts["quietDays"] ?? 0)), "day");
    return [
      plain(
        errors === 1
          ? text(`erreur revenue après ${quietDays}`, `an error that is back after ${quietDays}`)
          : text(
              `${number(errors)} erreurs revenues après ${quietDays} ou plus`,
              `${number(errors)} errors that are back after ${quietDays} or more`,
            ),
      ),
    ];
  });
}

function manyOf(kind: FindingKind, { text }: Voice): string | undefined {
  switch (kind) {
    case "failure_rate":
      return text("plus d’échecs que d’habitude", "more failures than usual");
    case "consecutive_failures":
      return text("échecs de suite", "failures in a row");
    case "duration":
      return text("durée inhabituelle", "an unusual duration");
    case "volume":
      return text("nombre d’exécutions inhabituel", "an unusual number of runs");
    case "new_error":
    case "regressed_error":
    case "missing_run":
    case "not_enough_history":
      return undefined;
  }
}

/** A finding beside the count and the times of its failures. */
function phraseOf(finding: FollowedFinding, voice: Voice, shownFrom: number): string {
  const { text, count, format, number, language, zone } = voice;
  const { kind, expected, facts } = finding;
  switch (kind) {
    case "failure_rate":
      return expected < 0.0005
        ? text("habituellement sans échec", "usually without failures")
        : text(`habituellement ${format.share(expected, 1)} d’échecs`, `usually ${format.share(expected, 1)} of failures`);
    case "volume":
      return text(
        `${count(finding.observed, "run")}, habituellement ${number(expected)}`,
        `${count(finding.observed, "run")}, usually ${number(expected)}`,
      );
    case "consecutive_failures": {
      // The times of failures of the day stand beside it.
      if (facts["first"] === undefined || facts["first"] < shownFrom) return findingPhrase(finding, language, zone);
      const recovered = facts["recovered"] ? text(", rétabli depuis", ", recovered since") : "";
      return text(`${number(finding.observed)} de suite${recovered}`, `${number(finding.observed)} in a row${recovered}`);
    }
    case "new_error":
    case "regressed_error":
    case "duration":
    case "missing_run":
    case "not_enough_history":
      return findingPhrase(finding, language, zone);
  }
}
