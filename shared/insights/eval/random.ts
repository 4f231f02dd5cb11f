/** A seeded source of chance: the same seed gives the same fleet on every machine. */
export type Random = ReturnType<typeof createRandom>;

/** Source of the generator: mulberry32 (T. Ettinger), good enough for noise. */
export function createRandom(seed: number) {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const exponential = (): number => -Math.log(1 - uniform());
  /** Box and Muller. */
  const normal = (): number => Math.sqrt(2 * exponential()) * Math.cos(2 * Math.PI * uniform());
  /** Marsaglia and Tsang (2000), with the boost for a shape under 1; mean `shape`. */
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * Math.max(1e-12, uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - uniform()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  return {
    uniform,
    normal,
    exponential,
    gamma,
    /** Median 1. */
    logNormal: (sigma: number): number => Math.exp(sigma * normal()),
    /** Least 1. */
    pareto: (shape: number): number => Math.exp(exponential() / shape),
    happens: (probability: number): boolean => uniform() < probability,
    below: (count: number): number => Math.floor(uniform() * count),
    /** Arrivals of an exponential clock, so that large means cost time and no accuracy. */
    poisson: (mean: number): number => {
      let count = 0;
      for (let time = exponential(); time < mean; time += exponential()) count += 1;
      return count;
    },
  };
}
