/**
 * Writes an item at once while fewer than `atOnce` writes are under way, and those that come meanwhile together in the next: under load the
 * database gets few large writes in place of many small ones, and nobody waits for a clock. A write that fails fails for all of its items.
 */
export function groupCommit<T>(
  write: (items: readonly T[]) => Promise<void>,
  { atOnce = 1 }: { readonly atOnce?: number } = {},
): (item: T) => Promise<void> {
  const running = new Set<Promise<void>>();
  let gathering: { readonly items: T[]; readonly done: Promise<void> } | undefined;
  const begin = (items: readonly T[]): Promise<void> => {
    const own = write(items).finally(() => running.delete(own));
    running.add(own);
    return own;
  };
  return (item) => {
    if (running.size < atOnce) return begin([item]);
    if (!gathering) {
      const items: T[] = [];
      const after = (): Promise<void> => {
        gathering = undefined;
        return begin(items);
      };
      gathering = { items, done: Promise.race(running).then(after, after) };
    }
    gathering.items.push(item);
    return gathering.done;
  };
}
