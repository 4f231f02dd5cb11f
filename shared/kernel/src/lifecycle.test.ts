import { Lifecycle } from "./lifecycle.js";
import { createLogger } from "./logger.js";

const log = createLogger("test", "silent");

test("close, called twice, closes once in reverse order of opening", async () => {
  const lifecycle = new Lifecycle(log);
  const closed: string[] = [];
  for (const name of ["redis", "consumer"]) lifecycle.own(name, name, (resource) => closed.push(resource));
  expect([await lifecycle.close(), await lifecycle.close()]).toEqual([true, true]);
  expect(closed).toEqual(["consumer", "redis"]);
});

test("close, one closer throws, still closes the rest and says it was not clean", async () => {
  const lifecycle = new Lifecycle(log);
  const closed: string[] = [];
  lifecycle.own("first", null, () => closed.push("first"));
  lifecycle.own("broken", null, () => {
    throw new Error("stuck");
  });
  expect(await lifecycle.close()).toBe(false);
  expect(closed).toEqual(["first"]);
});

test("close, a closer outlives the deadline, says it was not clean", async () => {
  const lifecycle = new Lifecycle(log, 20);
  lifecycle.own("stuck", null, () => new Promise(() => {}));
  expect(await lifecycle.close()).toBe(false);
});
