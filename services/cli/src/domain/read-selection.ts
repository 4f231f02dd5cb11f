import { recordFilter, type RecordFilter, type RunStatus } from "@flow-rag/contracts";
import { readStatus } from "@flow-rag/insights";
import { AppError, parse, parseInstant } from "@flow-rag/kernel";

/** The options by which a person names records. Lists are comma-separated and may be given several times. */
export type SelectionFlags = {
  readonly from?: string;
  /** As `from`. */
  readonly since?: string;
  readonly to?: string;
  readonly pipeline?: readonly string[];
  readonly tech?: readonly string[];
  readonly status?: readonly string[];
  readonly ids?: readonly string[];
};

/**
 * The filter that the options make; undefined when none is given. A date without an offset is read in `zone`; `--to` is not included.
 * @throws AppError `invalid_input` naming the option.
 */
export function readSelection({ since, from, to, ...flags }: SelectionFlags, zone: string): RecordFilter | undefined {
  const { pipeline, tech, status, ids } = flags;
  if (since !== undefined && from !== undefined) throw new AppError("invalid_input", "--since: the same as --from, which is given too");
  const filter = {
    ...(from !== undefined && { from: readInstant("--from", from, zone) }),
    ...(since !== undefined && { from: readInstant("--since", since, zone) }),
    ...(to !== undefined && { to: readInstant("--to", to, zone) }),
    ...(pipeline && { pipelines: pipeline }),
    ...(tech && { techs: tech }),
    ...(status && { statuses: status.map(readStatusWord) }),
    ...(ids && { ids }),
  };
  if (Object.keys(filter).length === 0) return undefined;
  const read = parse(recordFilter, filter, "selection");
  if (read.from !== undefined && read.to !== undefined && read.from >= read.to)
    throw new AppError("invalid_input", "--to: not after --from");
  return read;
}

function readInstant(option: string, text: string, zone: string): string {
  const instant = parseInstant(text, zone);
  if (!instant)
    throw new AppError("invalid_input", `${option}: a date such as 2026-05-05 or an instant such as 2026-05-05T08:00:00+02:00 is wanted`);
  return instant.toISOString();
}

function readStatusWord(word: string): RunStatus {
  const status = readStatus(word);
  if (status === "unknown" && word.toLowerCase() !== "unknown") {
    throw new AppError(
      "invalid_input",
      "--status: one of success, failed, running, cancelled, skipped, warning, waiting, unknown is wanted, or a word that means it",
    );
  }
  return status;
}
