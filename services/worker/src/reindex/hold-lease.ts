import { AppError } from "@flow-rag/kernel";
import type { ReindexStore } from "@flow-rag/stores";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

type Options = { readonly reindexes: Pick<ReindexStore, "claim" | "release">; readonly leaseMs: number; readonly onWait: () => void };
/** `lost` aborts when another process has the lease, or nobody could be asked for as long as it lasts. */
export type Lease = { readonly owner: string; readonly lost: AbortSignal; release(): Promise<void> };

/**
 * The right to rebuild, renewed until it is released. Of a process that was killed it is free once it has run out, which is waited for;
 * of one that is alive it never becomes free.
 * @throws AppError `invalid_input` when another process holds it and goes on renewing.
 */
export async function holdLease({ reindexes, leaseMs, onWait }: Options, signal: AbortSignal): Promise<Lease> {
  const owner = randomUUID();
  const patience = performance.now() + leaseMs * 2;
  while (!(await reindexes.claim(owner, leaseMs, new Date()))) {
    if (performance.now() > patience) throw new AppError("invalid_input", "another reindex is running: wait for its end, or stop it");
    onWait();
    await sleep(Math.min(1_000, leaseMs / 4), undefined, { signal });
  }
  const lost = new AbortController();
  const released = new AbortController();
  const lose = (why: string) => lost.abort(new AppError("unexpected", `${why}: start it again and it goes on`));

  const renew = async (): Promise<void> => {
    let heldUntil = performance.now() + leaseMs;
    for (;;) {
      await sleep(leaseMs / 4, undefined, { signal: released.signal });
      const asked = performance.now();
      const isHeld = await reindexes.claim(owner, leaseMs, new Date()).catch(() => undefined);
      if (isHeld === false) return lose("another process has taken over this reindex");
      if (isHeld === true) heldUntil = asked + leaseMs;
      else if (performance.now() > heldUntil) return lose("the state database does not answer");
    }
  };
  const renewing = renew().catch(() => undefined); // released
  return {
    owner,
    lost: lost.signal,
    async release() {
      released.abort();
      await renewing;
      await reindexes.release(owner);
    },
  };
}
