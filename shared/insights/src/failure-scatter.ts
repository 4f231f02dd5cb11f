/** Runs of one day that ended, and how many of them failed; attempts of one run count once. */
export type DayTally = { readonly failed: number; readonly ended: number };

/**
 * How much the failures of a pipeline scatter from day to day beyond a binomial: `excess / pairs` estimates the correlation of two runs of one
 * day, 0 for independent runs, and both are sums, so that estimates can be weighed by their pairs.
 * Source: the method of moments for a beta-binomial, Williams, "Extra-binomial variation in logistic linear models" (1982).
 */
export function failureScatter(days: readonly DayTally[]): { excess: number; pairs: number; days: number } {
  let [failed, ended, active] = [0, 0, 0];
  for (const day of days) {
    failed += day.failed;
    ended += day.ended;
    active += Number(day.ended > 0);
  }
  const rate = (failed + 0.5) / (ended + 1);
  const variance = rate * (1 - rate);
  let [excess, pairs] = [0, 0];
  // The rate was learned from the same days.
  const freedom = active > 1 ? active / (active - 1) : 1;
  for (const day of days) {
    excess += (freedom * (day.failed - day.ended * rate) ** 2) / variance - day.ended;
    pairs += day.ended * (day.ended - 1);
  }
  return { excess, pairs, days: active };
}
