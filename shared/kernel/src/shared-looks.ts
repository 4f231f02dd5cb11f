type Looks<T> = { running?: Promise<T> | undefined; next?: Promise<T> | undefined };

/**
 * Shares reads that cost the same for one caller as for many. A read that began before a caller asked may miss what that caller knows of, so
 * whoever asks during one gets the result of the next: nobody gets anything older than the asking.
 */
export function shareLooks<K, T>(look: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const known = new Map<K, Looks<T>>();
  const begin = (key: K, looks: Looks<T>): Promise<T> => {
    known.set(key, looks);
    const running = look(key).finally(() => {
      looks.running = undefined;
      if (!looks.next) known.delete(key);
    });
    looks.running = running;
    return running;
  };
  return (key) => {
    const looks = known.get(key) ?? {};
    if (!looks.running) return begin(key, looks);
    const after = (): Promise<T> => {
      looks.next = undefined;
      return looks.running ?? begin(key, looks); // one that began meanwhile began after all who wait had asked
    };
    return (looks.next ??= looks.running.then(after, after));
  };
}
