/** Shares such as .07 of 100 are a hair off in binary: a rank within it is meant to be whole. */
const hair = 1e-9;

/** Of ascending numbers: the one in the middle, the mean of the two in the middle when their number is even; 0 of none. */
export const medianOf = (sorted: ArrayLike<number>): number => quantileOf(sorted, 0.5);

/**
 * The quantile of the whole project, of ascending numbers and a share from 0 to 1: the smallest of them that at least `share` of them do not
 * exceed, so a value that occurred; of a half the median. 0 of none.
 * Source: Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996), definition 1 (the inverse of the distribution function), and its
 * averaging form 2 at the half alone.
 */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const [low, high] = quantileRanks(sorted.length, share);
  return ((sorted[low] ?? 0) + (sorted[high] ?? 0)) / 2;
}

/** Indexes of the two of `count` ascending numbers whose mean is the quantile; the same one twice but at the half of an even number. */
export function quantileRanks(count: number, share: number): readonly [low: number, high: number] {
  if (share === 0.5) return [(count - 1) >> 1, count >> 1];
  const rank = Math.max(0, Math.min(count, Math.ceil(share * count - hair)) - 1);
  return [rank, rank];
}
