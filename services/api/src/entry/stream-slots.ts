import { AppError } from "@flow-rag/kernel";

export type StreamSlots = {
  /** Takes a place and returns how to give it back. @throws AppError `rate_limited` when the key has no more. */
  take(keyId: string): () => void;
};

/** A stream holds a socket for as long as its reader likes: each key has a few. */
export function createStreamSlots(perKey: number): StreamSlots {
  const open = new Map<string, number>();
  return {
    take(keyId) {
      const count = open.get(keyId) ?? 0;
      if (count >= perKey)
        throw new AppError("rate_limited", `${perKey} streams are open with this key: end one first`, { retryAfterMs: 5_000 });
      open.set(keyId, count + 1);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        const left = (open.get(keyId) ?? 1) - 1;
        if (left > 0) open.set(keyId, left);
        else open.delete(keyId);
      };
    },
  };
}
