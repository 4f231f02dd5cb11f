/**
 * Shares reads whose result may be a little old: one look a key within `keptForMs`, however many ask, also while it runs. A look that failed
 * is not kept. `clock`: milliseconds that only grow.
 */
export function keepLooks<K, T>(
  keptForMs: number,
  look: (key: K) => Promise<T>,
  clock: () => number = () => performance.now(),
): (key: K) => Promise<T> {
  const kept = new Map<K, { readonly at: number; readonly result: Promise<T> }>();
  return (key) => {
    const known = kept.get(key);
    if (known && clock() - known.at < keptForMs) return known.result;
    const own = { at: clock(), result: look(key) };
    own.result.catch(() => kept.get(key) === own && kept.delete(key));
    kept.set(key, own);
    return own.result;
  };
}
