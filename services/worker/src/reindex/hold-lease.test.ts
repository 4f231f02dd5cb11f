import { once } from "node:events";
import { holdLease } from "./hold-lease.js";

const signal = new AbortController().signal;

/** A lease row in memory. */
function row(holder?: string) {
  const held = { by: holder, claims: 0 };
  return {
    held,
    reindexes: {
      async claim(owner: string) {
        held.claims += 1;
        if (held.by !== undefined && held.by !== owner) return false;
        held.by = owner;
        return true;
      },
      async release(owner: string) {
        if (held.by === owner) held.by = undefined;
      },
    },
  };
}

test("holdLease, another process goes on renewing, waits for it in vain and says so", async () => {
  const { reindexes } = row("other");
  let waited = 0;
  const holding = holdLease({ reindexes, leaseMs: 40, onWait: () => (waited += 1) }, signal);
  await expect(holding).rejects.toMatchObject({ kind: "invalid_input", message: expect.stringContaining("another reindex") as string });
  expect(waited).toBeGreaterThan(1);
});

test("holdLease, the former holder was killed, takes over when the lease has run out and frees it at the end", async () => {
  const { held, reindexes } = row("other");
  const lease = await holdLease({ reindexes, leaseMs: 400, onWait: () => (held.by = undefined) }, signal);
  expect(held.by).toBe(lease.owner);
  await lease.release();
  expect([held.by, lease.lost.aborted]).toEqual([undefined, false]);
});

test("holdLease, another process has taken over, tells its holder", async () => {
  const { held, reindexes } = row();
  const lease = await holdLease({ reindexes, leaseMs: 40, onWait: () => {} }, signal);
  held.by = "other";
  await once(lease.lost, "abort");
  expect(lease.lost.reason).toMatchObject({ message: expect.stringContaining("taken over") as string });
  await lease.release();
  expect(held.by).toBe("other");
});
