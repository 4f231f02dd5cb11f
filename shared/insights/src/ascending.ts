/** How many of the first `length` ascending numbers are less than `value`: also the place of the first that is not. By halving. */
export function countBelow(ascending: ArrayLike<number>, value: number, length = ascending.length): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the first `length` ascending numbers are at most `value`. By halving. */
export function countUpTo(ascending: ArrayLike<number>, value: number, length = ascending.length): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
