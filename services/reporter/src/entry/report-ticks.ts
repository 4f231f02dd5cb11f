import { AppError, type Logger } from "@flow-rag/kernel";
import { parse, schedule, validate } from "node-cron";
import type { CronFields } from "../domain/cron-slots.js";

type Options = {
  readonly name: string;
  readonly expression: string;
  readonly zone: string;
  readonly log: Logger;
  readonly onMissed: () => void;
};

/**
 * A cron expression's fields as numbers.
 * @throws AppError `misconfigured` when it is none, or has seconds or one of L, W and #.
 */
export function readCron(expression: string, variable: string): CronFields {
  const wrong = (why: string) => new AppError("misconfigured", `${variable} ${why}: five fields such as 30 7 * * *, or off`);
  if (!validate(expression) || expression.trim().split(/\s+/).length !== 5) throw wrong("is not a cron expression");
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parse(expression);
  if (![...dayOfMonth, ...dayOfWeek].every((value) => typeof value === "number"))
    throw wrong("has more than numbers, names, lists, ranges and steps");
  return { minute, hour, dayOfMonth: dayOfMonth as number[], month, dayOfWeek: dayOfWeek as number[] };
}

/** Calls `tick` at every time of the expression in the zone. A tick that fails is logged, and the next one covers for it. */
export function startTicks(
  { name, expression, zone, log, onMissed }: Options,
  tick: () => Promise<unknown>,
): { close: () => Promise<void> } {
  let ticking: Promise<unknown> = Promise.resolve();
  const run = () => tick().catch((error: unknown) => log.error({ task: name, err: error }, "tick failed"));
  const task = schedule(expression, () => (ticking = run()), {
    name,
    timezone: zone,
    noOverlap: true,
    missedExecutionTolerance: 60_000, // milliseconds; a busy event loop must not cost a tick
    suppressMissedWarning: true,
  });
  task.on("execution:missed", ({ date }) => {
    log.warn({ task: name, missed: date.toISOString() }, "tick missed");
    onMissed();
  });
  return {
    async close() {
      await task.destroy();
      await ticking;
    },
  };
}
