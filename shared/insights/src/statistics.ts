import { medianOf } from "@flow-rag/kernel";

/** Lanczos, g = 7, n = 9; relative error under 1e-13 for x > 0. Source: Press et al., "Numerical Recipes", section 6.1; Godfrey's coefficients. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const; // prettier-ignore

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + 6.5;
  let sum: number = lanczos[0];
  for (let index = 1; index < lanczos.length; index += 1) sum += (lanczos[index] ?? 0) / (x - 1 + index);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);
const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
const clamp = (probability: number): number => Math.min(1, Math.max(1e-300, probability));

function sum(from: number, to: number, logTerm: (k: number) => number): number {
  let total = 0;
  for (let k = from; k <= to; k += 1) total += Math.exp(logTerm(k));
  return clamp(total);
}

/** P(X ≥ k) of n trials whose probability has a Beta(a, b) distribution; exact sum. */
export const betaBinomialTail = (k: number, n: number, a: number, b: number): number =>
  k <= 0 ? 1 : sum(k, n, (x) => logChoose(n, x) + logBeta(x + a, n - x + b) - logBeta(a, b));

/** P(X ≥ k) of n trials with probability p. */
export const binomialTail = (k: number, n: number, p: number): number => {
  if (k <= 0 || p >= 1) return 1;
  return p <= 0 ? clamp(0) : sum(k, n, (x) => logChoose(n, x) + x * Math.log(p) + (n - x) * Math.log1p(-p));
};

/** Terms under this share of the sum so far are not added any more. */
const negligible = 1e-17;

/**
 * Two-sided p of a count with this mean and a variance of `dispersion` times the mean: Poisson up to 1, negative binomial beyond. Both sides are
 * sums of their own terms: one less the other side has no digits left where p is small.
 */
export function countTail(count: number, mean: number, dispersion: number): number {
  if (!(mean > 0)) return count > 0 ? clamp(0) : 1;
  const spread = Math.max(1 + 1e-9, dispersion);
  const size = mean / (spread - 1);
  const isPoisson = dispersion <= 1;
  const term = (k: number): number =>
    isPoisson
      ? k * Math.log(mean) - mean - logGamma(k + 1)
      : logGamma(k + size) - logGamma(size) - logGamma(k + 1) - size * Math.log(spread) + k * Math.log1p(-1 / spread);
  // Above the mean the terms fall at least as fast as a geometric series, so the sum ends; below it the lower side is the short one.
  if (count <= mean) return Math.min(1, 2 * sum(0, count, term));
  let upper = 0;
  for (let k = count; ; k += 1) {
    const next = Math.exp(term(k));
    upper += next;
    if (next <= negligible * upper || upper === 0) break;
  }
  return Math.min(1, 2 * clamp(upper));
}

/**
 * P(T >= t) of Student's distribution with `freedom` degrees of freedom, t of any sign.
 * Source: Abramowitz and Stegun 26.7.1 by the incomplete beta function.
 */
export function studentTail(t: number, freedom: number): number {
  const half = 0.5 * incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
  return t >= 0 ? half : 1 - half;
}

/** I_x(a, b) by its continued fraction (modified Lentz). Source: Press et al., "Numerical Recipes", section 6.4. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const tiny = 1e-300;
  const kept = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 500; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return (Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) * result) / a;
}

/** Median distance from the median, of ascending numbers. The distances grow to both sides, so they need no sorting. */
export function medianDeviation(sorted: Float64Array): number {
  const median = medianOf(sorted);
  let right = sorted.length >> 1;
  let left = right - 1;
  let [previous, current] = [0, 0];
  for (let count = 0; count <= sorted.length >> 1 && sorted.length > 0; count += 1) {
    const [below, above] = [median - (sorted[left] ?? -Infinity), (sorted[right] ?? Infinity) - median];
    previous = current;
    if (below < above) {
      current = below;
      left -= 1;
    } else {
      current = above;
      right += 1;
    }
  }
  return sorted.length % 2 === 1 ? current : (previous + current) / 2;
}

/**
 * Indexes of the p-values that stay significant when the expected share of false ones among them is at most `rate`.
 * A p-value that is no number is not significant, and counts among those that were looked at.
 * Source: Benjamini and Hochberg, "Controlling the False Discovery Rate", JRSS B 57 (1995).
 */
export function benjaminiHochberg(pValues: readonly number[], rate: number): Set<number> {
  const order = pValues.map((p, index) => ({ p: Number.isNaN(p) ? 1 : p, index })).sort((a, b) => a.p - b.p);
  const last = order.findLastIndex(({ p }, rank) => p <= ((rank + 1) / order.length) * rate);
  return new Set(order.slice(0, last + 1).map(({ index }) => index));
}
