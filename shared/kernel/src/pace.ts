import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Lets `perTurn` callers through in one turn of the event loop and the others in the next ones. Whoever shares a read is woken all at once;
 * without this, what arrives while they compute waits until the last of them is done.
 */
export function createPace(perTurn: number): () => Promise<void> {
  let through = 0;
  let closed: Promise<void> | undefined;
  return async () => {
    while (closed) await closed;
    through += 1;
    if (through % perTurn > 0) return;
    closed = nextTurn().then(() => {
      closed = undefined;
    });
  };
}
