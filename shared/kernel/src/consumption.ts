/** What is known of one queue's consumption. Instants are epoch milliseconds. */
export type Consumption = {
  readonly queue: string;
  /** Of the last job that began or ended, or the start. */
  readonly lastActivity: number;
  /** When each job in hand began. */
  readonly running: readonly number[];
  /** Jobs that may be in hand at once. */
  readonly concurrency: number;
  /** Since when the next job has waited; undefined when none does. */
  readonly oldestWaiting: number | undefined;
  /** Time one run may take before its signal aborts, in milliseconds. */
  readonly timeoutMs: number;
};

/**
 * Why a consumer is taken for stuck; undefined while it works, or has nothing to do. A live process is not a working consumer: sockets die
 * half open, and handlers ignore their signals. What waits must have waited for the whole grace period, with nothing done meanwhile, so that
 * neither the first job after a quiet night nor a queue that was just refilled counts.
 */
export function judgeConsumption(
  { lastActivity, running, concurrency, oldestWaiting, timeoutMs }: Consumption,
  { now, graceMs }: { now: number; graceMs: number },
): string | undefined {
  const overdue = running.filter((since) => now - since > timeoutMs + graceMs);
  if (overdue.length > 0) return `${overdue.length} of its jobs run on after their time limit of ${seconds(timeoutMs)}`;
  if (running.length >= concurrency || oldestWaiting === undefined) return undefined;
  const idleMs = now - Math.max(lastActivity, oldestWaiting);
  return idleMs > graceMs ? `takes no jobs for ${seconds(idleMs)} while work waits` : undefined;
}

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;
