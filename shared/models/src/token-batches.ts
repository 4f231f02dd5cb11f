/**
 * Groups texts of like length, so that little of a batch is padding and each is one short call.
 * Every batch holds at most `budget` tokens with its padding; a longer text is a batch of its own.
 * @param lengths tokens of each text.
 * @returns positions in `lengths`, shortest text first; every position once.
 */
export function batchByTokens(lengths: readonly number[], budget: number): number[][] {
  const batches: number[][] = [];
  for (const position of [...lengths.keys()].sort((a, b) => lengths[a]! - lengths[b]!)) {
    const batch = batches.at(-1);
    // Sorted, so this text is the longest of the batch it joins.
    if (batch && (batch.length + 1) * lengths[position]! <= budget) batch.push(position);
    else batches.push([position]);
  }
  return batches;
}
