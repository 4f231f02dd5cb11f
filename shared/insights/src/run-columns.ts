import { runStatus, type RunStatus } from "@flow-rag/contracts";
import { countBelow } from "./ascending.js";
import type { RunSeen } from "./run-seen.js";

const statuses = runStatus.options;
const statusNumbers = new Map(statuses.map((status, index) => [status, index]));

/** Attempts that one run may have. */
const mostAttempts = 10;

/** Runs of one pipeline in the order of their time, about 95 bytes each: a million of them fit where a million objects would not. */
export class RunColumns {
  length = 0;
  private times = new Float64Array(16);
  /** NaN for none. */
  private durations = new Float64Array(16);
  private statusOf = new Uint8Array(16);
  /** 0 for none. */
  private runKeys = new Uint32Array(16);
  private readonly ids: string[] = [];
  /** Most runs have none. */
  private readonly signatures = new Map<number, string>();
  private readonly techs: string[] = [];
  private sorted = true;

  constructor(private readonly pipeline: string) {}

  push({ id, tech, status, at, durationMs, signature, runKey = 0 }: RunSeen): void {
    const index = this.length;
    if (index === this.times.length) this.grow();
    if (index > 0 && at < (this.times[index - 1] ?? 0)) this.sorted = false;
    this.times[index] = at;
    this.durations[index] = durationMs ?? NaN;
    this.statusOf[index] = statusNumbers.get(status) ?? 0;
    this.runKeys[index] = runKey;
    this.ids.push(id);
    this.techs.push(tech);
    if (signature !== null) this.signatures.set(index, signature);
    this.length += 1;
  }

  /** The runs in the order of their time; itself when they came in it. */
  inOrder(): RunColumns {
    if (this.sorted) return this;
    const ordered = new RunColumns(this.pipeline);
    for (const run of this.slice(0, this.length).sort((a, b) => a.at - b.at)) ordered.push(run);
    return ordered;
  }

  /** Forgets the keys that more records share than one run has attempts: the source names something else by them. */
  withoutSharedKeys(): this {
    const counts = new Map<number, number>();
    for (const key of this.runKeys.subarray(0, this.length)) if (key !== 0) counts.set(key, (counts.get(key) ?? 0) + 1);
    this.runKeys = this.runKeys.map((key) => ((counts.get(key) ?? 0) > mostAttempts ? 0 : key));
    return this;
  }

  at(index: number): number | undefined {
    return index < this.length ? this.times[index] : undefined;
  }

  status(index: number): RunStatus {
    return statuses[this.statusOf[index] ?? 0] ?? "unknown";
  }

  /** Milliseconds; NaN for none. */
  duration(index: number): number {
    return this.durations[index] ?? NaN;
  }

  /** As in `RunSeen`; 0 for none. */
  runKey(index: number): number {
    return this.runKeys[index] ?? 0;
  }

  /** Index of the first run at or after `time`. */
  firstFrom(time: number): number {
    return countBelow(this.times, time, this.length);
  }

  /** When each signature was seen with a failure, the oldest first. */
  *errors(): Generator<{ signature: string; at: number }> {
    for (const [index, signature] of this.signatures) {
      if (this.status(index) === "failed") yield { signature, at: this.times[index] ?? 0 };
    }
  }

  slice(from: number, to: number): RunSeen[] {
    const runs: RunSeen[] = [];
    for (let index = from; index < Math.min(to, this.length); index += 1) {
      const duration = this.durations[index] ?? NaN;
      runs.push({
        id: this.ids[index] ?? "",
        pipeline: this.pipeline,
        tech: this.techs[index] ?? "",
        status: this.status(index),
        at: this.times[index] ?? 0,
        durationMs: Number.isNaN(duration) ? null : duration,
        signature: this.signatures.get(index) ?? null,
        ...(this.runKeys[index] !== 0 && { runKey: this.runKey(index) }),
      });
    }
    return runs;
  }

  private grow(): void {
    const size = this.times.length * 2;
    const [times, durations] = [new Float64Array(size), new Float64Array(size)];
    const [statusOf, runKeys] = [new Uint8Array(size), new Uint32Array(size)];
    times.set(this.times);
    durations.set(this.durations);
    statusOf.set(this.statusOf);
    runKeys.set(this.runKeys);
    [this.times, this.durations, this.statusOf, this.runKeys] = [times, durations, statusOf, runKeys];
  }
}
