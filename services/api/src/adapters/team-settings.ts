import { AppError } from "@flow-rag/kernel";
import { readSettings, type Settings } from "@flow-rag/report";
import type { Config } from "../config.js";

export type ReadTeamSettings = () => Promise<Settings>;

/**
 * The settings that the reports and the command line obey, read each time so that a change needs no restart.
 * @throws AppError `invalid_input` at once when the file is wrong; `upstream_unavailable` when it has become so.
 */
export async function openTeamSettings({ settingsFile, regressedAfterDays }: Config["report"]): Promise<ReadTeamSettings> {
  const read = () => readSettings(settingsFile, { regressedAfterDays });
  await read();
  return () =>
    read().catch((error: unknown) => {
      throw new AppError("upstream_unavailable", AppError.from(error).message, { cause: error }); // not the caller's mistake
    });
}
