/** Lets at most `limit` pieces of work be under way at once; the others begin in the order in which they came. */
export function limitConcurrency(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let busy = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (busy < limit) busy += 1;
    else await new Promise<void>((begin) => waiting.push(begin));
    try {
      return await work();
    } finally {
      const next = waiting.shift(); // takes this one's place
      if (next) next();
      else busy -= 1;
    }
  };
}
