import { createPace } from "./pace.js";

test("createPace, seven callers at once of whom two pass in a turn, lets the event loop turn in between and keeps their order", async () => {
  const pace = createPace(2);
  const seen: (number | "turn")[] = [];
  let running = true;
  const turn = (): void => {
    seen.push("turn");
    if (running) setImmediate(turn);
  };
  setImmediate(turn); // first, so that it is the first in each turn
  const callers = Array.from({ length: 7 }, async (_, index) => {
    await pace();
    seen.push(index);
  });
  await Promise.all(callers);
  running = false;
  expect(seen.filter((each) => each !== "turn")).toEqual([0, 1, 2, 3, 4, 5, 6]);
  for (const [first, next] of [
    [1, 2],
    [3, 4],
    [5, 6],
  ] as const)
    expect(seen.slice(seen.indexOf(first), seen.indexOf(next))).toContain("turn");
});
