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

test("drain, two of them and one that throws, are over before anything is closed", async () => {
  const lifecycle = new Lifecycle(log);
  const order: string[] = [];
  lifecycle.own("server", null, () => order.push("closed"));
  lifecycle.onDrain("answers", async () => void order.push("drained"));
  lifecycle.onDrain("broken", async () => {
    throw new Error("no");
  });
  await lifecycle.drain();
  expect([await lifecycle.close(), order]).toEqual([true, ["drained", "closed"]]);
});

test("drain, a close comes meanwhile, is cut short", async () => {
  const lifecycle = new Lifecycle(log);
  lifecycle.onDrain("answers", (hurry) => new Promise<void>((resolve) => hurry.addEventListener("abort", () => resolve())));
  const drained = lifecycle.drain();
  expect(await lifecycle.close()).toBe(true);
  await drained;
});
