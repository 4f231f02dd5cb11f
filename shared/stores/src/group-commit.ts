/**
 * Writes one item at once, and those that come while a write is under way together in the next: under load the database gets few large writes
 * in place of many small ones, and nobody waits for a clock. A write that fails fails for all of its items.
 */
export function groupCommit<T>(write: (items: readonly T[]) => Promise<void>): (item: T) => Promise<void> {
  let running: Promise<void> | undefined;
  let gathering: { readonly items: T[]; readonly done: Promise<void> } | undefined;
  const begin = (items: readonly T[]): Promise<void> => {
    const own = write(items).finally(() => {
      if (running === own) running = undefined;
    });
    running = own;
    return own;
  };
  return (item) => {
    if (!running) return begin([item]);
    if (!gathering) {
      const items: T[] = [];
      const after = (): Promise<void> => {
        gathering = undefined;
        return begin(items);
      };
      gathering = { items, done: running.then(after, after) };
    }
    gathering.items.push(item);
    return gathering.done;
  };
}
