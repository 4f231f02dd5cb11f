import { digest } from "@flow-rag/contracts";

/** The same members in an order that the seed decides. */
export const shuffled = <T>(list: readonly T[], seed: number): T[] =>
  list
    .map((member, index) => [digest("shuffle", String(seed), String(index)), member] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, member]) => member);
