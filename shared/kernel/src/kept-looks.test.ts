import { keepLooks } from "./kept-looks.js";

test("keepLooks, many ask within the time, while it runs and after, looks once a key", async () => {
  const looked: string[] = [];
  let time = 0;
  const look = keepLooks(
    1_000,
    async (key: string) => looked.push(key),
    () => time,
  );
  expect(await Promise.all([look("a"), look("a"), look("b")])).toEqual([1, 1, 2]);
  time = 999;
  expect(await look("a")).toBe(1);
  time = 1_000;
  expect([await look("a"), looked]).toEqual([3, ["a", "b", "a"]]);
});

test("keepLooks, a look fails, is told to who waited and tried again by the next", async () => {
  let looked = 0;
  const look = keepLooks(
    1_000,
    async () => {
      looked += 1;
      if (looked === 1) throw new Error("down");
      return looked;
    },
    () => 0,
  );
  const waiting = [look("a"), look("a")];
  for (const one of waiting) await expect(one).rejects.toThrow("down");
  expect([await look("a"), await look("a")]).toEqual([2, 2]);
});
