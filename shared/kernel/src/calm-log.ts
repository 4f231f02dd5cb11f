import type { Logger } from "./logger.js";

type Level = "info" | "warn" | "error";
/** Says what may happen thousands of times a second: one line a kind and minute, which counts those that it stands for. */
export interface CalmLog {
  /** `kind` comes from a list of ours, never from an error's own text. */
  tell(kind: string, level: Level, fields: Readonly<Record<string, unknown>>, message: string): void;
}
type Options = { readonly everyMs?: number; readonly now?: () => number };

/** The first of a kind is told at once; those of the next minute are counted, and told with the first that comes after it. */
export function createCalmLog(log: Logger, { everyMs = 60_000, now = () => performance.now() }: Options = {}): CalmLog {
  const told = new Map<string, { at: number; since: number }>();
  return {
    tell(kind, level, fields, message) {
      const last = told.get(kind);
      if (last && now() - last.at < everyMs) return void (last.since += 1);
      told.set(kind, { at: now(), since: 0 });
      log[level]({ ...fields, ...(last && last.since > 0 && { alike: last.since }) }, message);
    },
  };
}
