import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";

/**
 * How many threads a computation may keep busy: the CPU affinity, or a container's quota where that is less.
 * Node's `availableParallelism` does not know the quota, and threads beyond it wait for each other at every barrier.
 */
export const cpuThreads = async (): Promise<number> =>
  threadsWithin(availableParallelism(), await readFile("/sys/fs/cgroup/cpu.max", "utf8").catch(() => undefined));

/**
 * @param cpuMax the content of cgroup v2's `cpu.max`: "quota period" in µs, "max" for no quota; undefined where there is no such file.
 * Source: Linux kernel, Documentation/admin-guide/cgroup-v2.rst.
 */
export function threadsWithin(available: number, cpuMax: string | undefined): number {
  const [quota, period] = (cpuMax ?? "max").trim().split(/\s+/).map(Number);
  const allowed = quota !== undefined && period !== undefined && quota > 0 && period > 0 ? Math.floor(quota / period) : available;
  return Math.max(1, Math.min(available, allowed));
}
