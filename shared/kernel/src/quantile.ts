/** Shares such as .07 of 100 are a hair off in binary: a rank within it is meant to be whole. */
const hair = 1e-9;

/**
 * The quantile of the whole project, of ascending numbers and a share from 0 to 1: by nearest rank, the smallest of them that at least `share` of
 * them do not exceed, so a value that occurred; 0 of none.
 * Source: Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996), definition 1, the inverse of the distribution function.
 */
export const quantileOf = (sorted: ArrayLike<number>, share: number): number => sorted[quantileRank(sorted.length, share)] ?? 0;

/** Index of the quantile among `count` ascending numbers. */
export const quantileRank = (count: number, share: number): number => Math.max(0, Math.min(count, Math.ceil(share * count - hair)) - 1);

/** The median of ascending numbers: the one in the middle, the mean of the two in the middle when their number is even; 0 of none. */
export const medianOf = (sorted: ArrayLike<number>): number =>
  ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / (sorted.length === 0 ? 1 : 2);
