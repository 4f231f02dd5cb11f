import { checkHealth, createReadiness, type PartHealth } from "./health.js";

test.each([
  ["every part works", { a: { status: "ok" }, b: { status: "ok" } }, "ok"],
  ["one part waits", { a: { status: "ok" }, b: { status: "waiting", reason: "Redis does not answer" } }, "degraded"],
  ["one part waits and one is stuck", { a: { status: "stuck", reason: "r" }, b: { status: "waiting" } }, "wedged"],
] as const)("checkHealth, %s, is told with every part", async (_situation, parts, status) => {
  const checks = Object.fromEntries(Object.entries<PartHealth>(parts).map(([name, part]) => [name, async () => part]));
  expect(await checkHealth(checks)).toEqual({ status, parts });
});

test("checkHealth, a check never answers and another throws, both wait", async () => {
  const unknown = { status: "waiting", reason: "could not be looked at" };
  const never = () => new Promise<never>(() => {});
  const throws = async () => {
    throw new Error("no");
  };
  expect(await checkHealth({ never, throws }, 10)).toEqual({ status: "degraded", parts: { never: unknown, throws: unknown } });
});

test("createReadiness, one dependency is down and one never answers, names both within the limit", async () => {
  const ready = createReadiness(
    {
      redis: async () => "PONG",
      chroma: () => Promise.reject(new Error("refused")),
      mongodb: () => new Promise(() => {}),
    },
    { withinMs: 10 },
  );
  const { ready: isReady, checks } = await ready();
  expect([isReady, checks["redis"]?.status, checks["chroma"]?.status, checks["mongodb"]?.status]).toEqual([false, "ok", "down", "down"]);
});

test("createReadiness, asked again, looks again only once the answer is old", async () => {
  let looked = 0;
  let now = 0;
  const ready = createReadiness({ redis: async () => (looked += 1) }, { keepMs: 5_000, now: () => now });
  await Promise.all([ready(), ready()]);
  now = 4_999;
  await ready();
  expect(looked).toBe(1);
  now = 5_000;
  await ready();
  expect(looked).toBe(2);
});
