import { unreadDoubt, type UnreadStatuses } from "@flow-rag/contracts";
import { wordDoubt } from "@flow-rag/rag";
import type { ReportPart } from "./report.js";
import { data, type Inline, type Voice } from "./voice.js";

const sentenceLength = 800;

/** Runs that never started because something upstream failed: no failures of their own. */
export const blockedOf = ({ figures }: ReportPart): number => figures.byStatus.upstream_failed ?? 0;
export const unreadOf = ({ figures }: ReportPart): number => figures.byStatus.unknown ?? 0;

/** `1 en cours`, `2 en attente`: runs of which nobody knows yet how they end. */
export const unfinishedOf = ({ figures }: ReportPart, { count }: Voice): string[] =>
  (["running", "waiting"] as const).flatMap((status) => {
    const runs = figures.byStatus[status] ?? 0;
    return runs > 0 ? [count(runs, status)] : [];
  });

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
    ...unfinishedLine(part, voice),
  ];
}

function unfinishedLine(part: ReportPart, voice: Voice): Inline[][] {
  const unfinished = unfinishedOf(part, voice);
  if (unfinished.length === 0) return [];
  const { line, text } = voice;
  return [
    line`${text("Pas encore fini : ", "Not over yet: ")}${unfinished.join(", ")}${text(", ni échec ni succès.", ", neither failure nor success.")}`,
  ];
}

/** In the words of every surface; no time is said in them. */
const unreadLine = (unread: UnreadStatuses, voice: Voice): Inline[] => [
  data(wordDoubt(unreadDoubt(unread), { language: voice.language, zone: voice.zone, now: new Date(0) }), sentenceLength),
];
