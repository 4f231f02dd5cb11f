import { AppError } from "@flow-rag/kernel";
import { checkEmbedder, checkClock, checkRedis } from "./check-stores.js";
import { checkSlack } from "./check-outlets.js";
import { ok, runSelftest, skipped, warn, type Check, type CheckResult } from "./run-selftest.js";

const signal = new AbortController().signal;
const now = () => new Date("2026-05-06T08:00:00Z");
const check = (name: string, run: Check["run"]): Check => ({ name, hint: `mend ${name}`, run });
const only = async (one: Check): Promise<CheckResult> => (await runSelftest([one], { now }, signal)).checks[0]!;

test("runSelftest, one check throws and one never answers, fails both with a hint and goes on", async () => {
  const seen: string[] = [];
  const found = await runSelftest(
    [
      check("a", async () => {
        throw new AppError("upstream_unavailable", "no answer from postgres://etl:hunter2hunter@db");
      }),
      check("b", () => new Promise(() => {})),
      check("c", async () => ok("fine")),
    ],
    { now, timeoutMs: 20, onResult: ({ name }) => seen.push(name) },
    signal,
  );
  expect(found).toMatchObject({
    status: "fail",
    checks: [
      { name: "a", status: "fail", message: "no answer from postgres://<CREDENTIALS_1>@db", hint: "mend a" },
      { name: "b", status: "fail", message: "no answer within 0.02 s", hint: "mend b" },
      { name: "c", status: "ok" },
    ],
  });
  expect(seen).toEqual(["a", "b", "c"]);
});

test.each([
  [[ok("x"), skipped("y")], "ok"],
  [[ok("x"), warn("y", "z")], "warn"],
] as const)("runSelftest, findings %j, is %s", async (findings, status) => {
  const checks = findings.map((finding, index) => check(String(index), async () => finding));
  expect((await runSelftest(checks, { now }, signal)).status).toBe(status);
});

const redis = { version: "7.2", policy: "noeviction", appendOnly: true, appendOnlyWorks: true, snapshots: true, clock: new Date() };
test.each([
  ["keeps everything", {}, "ok"],
  ["may evict jobs", { policy: "allkeys-lru" }, "fail"],
  ["cannot write its file", { appendOnlyWorks: false }, "fail"],
  ["has snapshots only", { appendOnly: false }, "warn"],
  ["keeps nothing on disk", { appendOnly: false, snapshots: false }, "warn"],
  ["is managed and says nothing", { policy: undefined, appendOnly: undefined, appendOnlyWorks: undefined, snapshots: undefined }, "ok"],
] as const)("checkRedis, Redis %s, is %s", async (_situation, change, status) => {
  expect((await only(checkRedis(async () => ({ ...redis, ...change })))).status).toBe(status);
});

function embedderOf(vectorOf: (text: string) => number[]) {
  let closed = 0;
  const embedder = {
    fingerprint: "f1",
    embedPassages: async (texts: readonly string[]) => texts.map(vectorOf),
    embedQuery: async (text: string) => vectorOf(text),
    close: async () => void (closed += 1),
  };
  return { embedder, closed: () => closed };
}
const meaningful = (text: string) => (/espace|database/i.test(text) ? [1, 0] : [0, 1]);
const stateOf = (fingerprint: string) =>
  ({ collection: "c", fingerprint: "x", embedder: { kind: "e5", fingerprint, dimensions: 2 } }) as never;

test.each([
  ["texts of one meaning are near", meaningful, undefined, "ok"],
  ["every text gives the same vector", () => [1, 0], undefined, "fail"],
  ["a vector is not made of numbers", () => [Number.NaN, 1], undefined, "fail"],
  ["the index was built with another", meaningful, "f2", "fail"],
] as const)("checkEmbedder, %s, is told and the model is closed", async (_situation, vectorOf, indexed, status) => {
  const { embedder, closed } = embedderOf((text) => [...vectorOf(text)]);
  const state = indexed === undefined ? undefined : stateOf(indexed);
  const found = await only(checkEmbedder(async () => ({ state, embedder, reason: "test" })));
  expect([found.status, closed()]).toEqual([status, 1]);
});

test.each([
  [0, "ok"],
  [10_000, "warn"],
  [-60_000, "fail"],
] as const)("checkClock, another clock is %i ms ahead, is %s", async (ms, status) => {
  const clocks = [{ name: "Redis", read: async () => new Date(Date.now() + ms) }];
  expect((await only(checkClock({ clocks, zone: "Europe/Paris" }))).status).toBe(status);
});

test("checkSlack, an address that is not Slack's, never gets the token", async () => {
  const found = await only(checkSlack({ token: "xoxb-secret", apiUrl: "https://slack.com.evil.example/api/", hosts: [] }));
  expect(found).toMatchObject({ status: "fail", message: "SLACK_API_URL is not Slack's" });
});
