import type { UnreadStatuses } from "@flow-rag/contracts";
import type { ReportPart } from "./report.js";
import { joined, quoted, type Inline, type Voice } from "./voice.js";

const wordsShown = 3;
const wordLength = 40;

/** Runs that never started because something upstream failed: no failures of their own. */
export const blockedOf = ({ figures }: ReportPart): number => figures.byStatus.upstream_failed ?? 0;
export const unreadOf = ({ figures }: ReportPart): number => figures.byStatus.unknown ?? 0;

/** What the figures of failures and successes leave out; empty when they leave out nothing. */
export function untoldLines(part: ReportPart, voice: Voice): Inline[][] {
  const blocked = blockedOf(part);
  const { line, count, text } = voice;
  return [
    ...(part.unread ? [unreadLine(part.unread, voice)] : []),
    ...(blocked > 0
      ? [
          line`${count(blocked, "run")} ${text(
            `${blocked > 1 ? "bloquées" : "bloquée"} (amont) : jamais ${blocked > 1 ? "lancées" : "lancée"}, ni échec ni succès.`,
            "blocked upstream: never started, neither failure nor success.",
          )}`,
        ]
      : []),
  ];
}

function unreadLine({ runs, withError, words, wordCount }: UnreadStatuses, voice: Voice): Inline[] {
  const { line, count, text, number } = voice;
  const shown = words.slice(0, wordsShown).map(({ word, runs: own }) => {
    const said = word === "" ? line`${text("sans statut", "no status")}` : quoted(voice, word, wordLength);
    return line`${said} (${number(own)})`;
  });
  const left = wordCount - shown.length;
  const more = left > 0 ? ` ${text("et", "and")} ${count(left, "other")}` : "";
  const errors =
    withError > 0
      ? text(`, dont ${number(withError)} avec un texte d’erreur : à regarder`, `, ${number(withError)} with an error text: look at them`)
      : "";
  const counted = `${count(runs, "run")} ${text(runs > 1 ? "ont" : "a", runs > 1 ? "have" : "has")}`;
  return line`${counted} ${text("un statut non lu : ", "a status that was not read: ")}${joined(shown, ", ")}${more}${errors}. ${text(
    "Ni succès ni échec dans les chiffres ; SOURCE_STATUSES apprend ces mots.",
    "Neither success nor failure in the figures; SOURCE_STATUSES teaches these words.",
  )}`;
}
