import { plainPathOf, sumUnread, type SourceConfig } from "@flow-rag/contracts";
import { doubtDurations, durationDoubtText, unreadText } from "@flow-rag/insights";
import type { RecordSource, RunFacts } from "@flow-rag/stores";
import { ok, warn, type Check } from "./run-selftest.js";

type ReadingUnderTest = {
  readonly source: Pick<RecordSource, "changedAfter">;
  readonly facts: Pick<RunFacts, "unreadStatuses">;
  readonly close: () => Promise<void>;
};
const sampled = 500;

/** What a source's records say is understood: every status was read, and the durations are in the unit that they are taken for. */
export const checkReading = (
  { name, zone, fields }: Pick<SourceConfig, "name" | "zone" | "fields">,
  open: () => Promise<ReadingUnderTest>,
): Check => ({
  name: `what ${name} says`,
  hint: "check SOURCE_FIELDS and SOURCE_STATUSES; docs/SOURCES.md has recipes",
  run: async (signal) => {
    const { source, facts, close } = await open();
    try {
      const [rows, { records }] = await Promise.all([facts.unreadStatuses({}, signal), source.changedAfter(undefined, sampled, signal)]);
      const [unread, durations] = [sumUnread(rows), doubtDurations(records, { zone })];
      const doubts = [
        ...(unread ? [unreadText(unread)] : []),
        ...(durations ? durationDoubtText(durations, plainPathOf(fields.durationMs) ?? "duration_ms") : []),
      ];
      return doubts.length === 0
        ? ok("the status of every run was read; nothing is odd about the durations")
        : warn(doubts.join("; "), "set what is named, then flow-rag ingest");
    } finally {
      await close();
    }
  },
});
