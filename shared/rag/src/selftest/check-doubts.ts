import type { Doubt } from "@flow-rag/contracts";
import { wordDoubts } from "../wording/word-doubt.js";
import { ok, warn, type Check } from "./run-selftest.js";

type DoubtsUnderTest = {
  readonly zone: string;
  readonly now: () => Date;
  readonly read: (now: Date, signal: AbortSignal) => Promise<readonly Doubt[]>;
};

/** What is known to be wrong or missing in the figures of the last days. That the data end a little before now is a matter of course, and
 * statuses that were not read have a check of their own. */
export const checkDoubts = ({ zone, now, read }: DoubtsUnderTest): Check => ({
  name: "figures",
  hint: "check STATE_MONGO_URI and STATE_DB",
  run: async (signal) => {
    const at = now();
    const doubts = (await read(at, signal)).filter(({ kind }) => kind !== "data_until" && kind !== "unread_status");
    if (doubts.length === 0) return ok("nothing is known to be wrong or missing in the last 7 days");
    return warn(
      wordDoubts(doubts, { language: "en", zone, now: at }).join(" "),
      "flow-rag status lists it, and docs/OPERATIONS.md says what to do",
    );
  },
});
