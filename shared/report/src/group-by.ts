/** In the order in which the keys came. */
export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** The most frequent first; of equal ones the first that came. */
export const countBy = <T, K>(items: readonly T[], keyOf: (item: T) => K): [K, number][] =>
  [...groupBy(items, keyOf)].map(([key, group]): [K, number] => [key, group.length]).sort((a, b) => b[1] - a[1]);

export const byName = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
export const isoOf = (at: number): string => new Date(at).toISOString();
