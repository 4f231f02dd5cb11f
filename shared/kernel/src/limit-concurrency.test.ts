import { limitConcurrency } from "./limit-concurrency.js";

test("limitConcurrency, five pieces of work of which one fails, has two under way at most and begins them in order", async () => {
  const inTurn = limitConcurrency(2);
  const begun: number[] = [];
  let [running, most] = [0, 0];
  const work = (index: number) => async () => {
    begun.push(index);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (index === 1) throw new Error("one");
    return index;
  };
  const ended = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => inTurn(work(index))));
  expect([begun, most, ended.map(({ status }) => status === "fulfilled")]).toEqual([[0, 1, 2, 3, 4], 2, [true, false, true, true, true]]);
});
