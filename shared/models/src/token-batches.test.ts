import fc from "fast-check";
import { batchByTokens } from "./token-batches.js";

test("batchByTokens, texts of mixed lengths, puts like with like within the budget", () => {
  expect(batchByTokens([10, 300, 12, 11, 290], 600)).toEqual([
    [0, 3, 2],
    [4, 1],
  ]);
});

test("batchByTokens, any lengths, places every text once and keeps to the budget unless a text is alone", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 600 })), (lengths) => {
      const batches = batchByTokens(lengths, 512);
      expect(batches.flat().toSorted((a, b) => a - b)).toEqual([...lengths.keys()]);
      for (const batch of batches) {
        const padded = batch.length * Math.max(...batch.map((position) => lengths[position]!));
        expect(batch.length === 1 || padded <= 512).toBe(true);
      }
    }),
  );
});
