import type { Db } from "mongodb";
import { joinFigures } from "./joined-facts.js";
import { createNameCatalogue } from "./name-catalogue.js";
import { readFigures, type RunFigures } from "./run-figures.js";
import type { RunLimits } from "./run-filter.js";
import { createSignatureJoins } from "./signature-joins.js";

/** Figures that are all of one state of the runs, where that can be had. */
export type RunSnapshots = { snapshot(signal: AbortSignal): Promise<RunFacts> };
/** Figures within limits that every one of them has. */
export interface RunFacts extends RunFigures, RunSnapshots {
  /** The same figures within further limits. Names, and how far the data reach, heed the sources only. */
  limitedTo(limits: RunLimits): RunFacts;
}

/** Exact figures about runs, computed by the database from exactly the filter that was asked for. */
export const createRunFacts = (db: Db): RunFacts => {
  const catalogue = createNameCatalogue(db);
  const joins = createSignatureJoins(db);
  const within = (limits: readonly RunLimits[]): RunFacts => ({
    ...joinFigures(readFigures(db, catalogue, limits), (signal) => joins.current(signal)),
    limitedTo: (further) => within([...limits, further]),
    // The database reads each figure when it is asked for.
    snapshot: async () => within(limits),
  });
  return within([]);
};
