import type { ErrorEvidence } from "../evidence/collect-evidence.js";
import type { Voice } from "./voice.js";
import { code, inertName, quote, runsNamed } from "./words.js";

const namesShown = 3;

/** The kinds of failure that are nearest to what was asked, each with its count, first and last time, and what its runs have in common. */
export function evidenceLines(voice: Voice, nearest: readonly ErrorEvidence[]): string[] {
  if (nearest.length === 0) return [];
  const { french } = voice;
  return [french ? "Erreurs les plus proches :" : "Nearest errors:", ...nearest.map((each) => `• ${evidenceLine(voice, each)}`)];
}

function evidenceLine(
  voice: Voice,
  { example, count, first, last, pipelines, techs, environments, hours, examples }: ErrorEvidence,
): string {
  const { french, format, language, now } = voice;
  const at = (instant: Date) => `${format.dayOfYear(instant, now)} ${format.time(instant)}`;
  const latest = examples[0];
  const when =
    first.getTime() === last.getTime()
      ? french
        ? `le ${at(first)}`
        : `on ${at(first)}`
      : french
        ? `du ${at(first)} au ${at(last)}`
        : `from ${at(first)} to ${at(last)}`;
  // What is cited is of the first pipeline that is named.
  const named = latest ? [latest.pipeline, ...pipelines.filter((pipeline) => pipeline !== latest.pipeline)] : pipelines;
  const names = `${named.slice(0, namesShown).map(code).join(", ")}${pipelines.length > namesShown ? `, … (${format.number(pipelines.length)} pipelines)` : ""}`;
  const shared = [
    names,
    techs.map(inertName).join(", "),
    ...(environments.length > 0 ? [environments.map(code).join(", ")] : []),
    ...hoursText(hours, count, french),
  ];
  const counted = `${format.number(count)} ${runsNamed(language, [], count)}`;
  const text = `${quote(language, example)}${french ? " :" : ":"} ${counted}, ${when}`;
  return `${text}${french ? " ; " : "; "}${shared.join(", ")}.${voice.cite(latest?.id)}`;
}

/** Said only of what happened more than once: a single hour is the instant itself. */
function hoursText(hours: ErrorEvidence["hours"], count: number, french: boolean): string[] {
  if (!hours || count < 2 || hours[1] - hours[0] > 12) return [];
  return [french ? `entre ${hours[0]} h et ${hours[1] + 1} h` : `between ${hours[0]}:00 and ${hours[1] + 1}:00`];
}
