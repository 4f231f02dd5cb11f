import type { Delivery } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { DeliveryChange } from "@flow-rag/stores";
import fc from "fast-check";
import { sampleDelivery, sampleReport } from "../../test/sample-report.js";
import { deliverReport, type DeliverReportDeps } from "./deliver-report.js";
import type { Found, Outcome, Outlet } from "@flow-rag/outlets";

const signal = new AbortController().signal;
const sent = (ts: string): Outcome => ({ kind: "sent", receipt: { channel: "C1", ts } });
const later = (afterMs: number | null = null): Outcome => ({ kind: "later", reason: "busy", afterMs });
const ambiguous: Outcome = { kind: "ambiguous", reason: "no answer" };

/** One delivery in memory, an outlet that answers as told, and a clock that the test moves. */
function world(outcomes: Outcome[], { found = [], finds = true }: { found?: Found[]; finds?: boolean } = {}) {
  let row: Delivery & { holder: string | null; leaseUntil: number } = { ...sampleDelivery(), holder: null, leaseUntil: 0 };
  const state = { now: row.createdAt.getTime(), calls: [] as string[], announced: 0, ended: [] as string[], stop: new AbortController() };
  const outlet: Outlet = {
    async send({ part }) {
      state.calls.push(`send ${part}`);
      return outcomes.shift() ?? sent("9");
    },
    find: finds
      ? async ({ part }) => {
          state.calls.push(`find ${part}`);
          return found.shift() ?? { kind: "absent" };
        }
      : null,
  };
  const settle = async ({ holder }: { holder: string }, change: DeliveryChange) => {
    if (row.holder !== holder) return false;
    row = { ...row, ...change, holder: null, leaseUntil: 0 };
    return true;
  };
  const deps: DeliverReportDeps = {
    reports: { readRoute: async () => sampleReport("3 échecs"), announce: async () => true },
    deliveries: {
      async claim(_id, { leaseUntil, now }) {
        if (row.endedAt) return { kind: "ended", state: row.state };
        const until = new Date(Math.max(row.leaseUntil, row.dueAt.getTime()));
        if (until > now) return { kind: "held", until };
        row = { ...row, attempts: row.attempts + 1, holder: `h${row.attempts}`, leaseUntil: leaseUntil.getTime() };
        return { kind: "claimed", delivery: { ...row, holder: `h${row.attempts - 1}` } };
      },
      async note({ holder }, { parts }) {
        if (row.holder !== holder) return false;
        row = { ...row, state: "sending", parts };
        return true;
      },
      settle,
      ofReport: async () => [row],
    },
    outlets: { slack: outlet },
    onEnded: (channel, outcome) => void state.ended.push(`${channel} ${outcome}`),
    announce: async () => void (state.announced += 1),
    attemptMs: 30_000,
    settleMs: 5_000,
    giveUpMs: 3_600_000,
    now: () => new Date(state.now),
    stopping: state.stop.signal,
  };
  /** Runs until the end, waiting as long as is asked for; the waits in seconds. */
  const run = async (): Promise<number[]> => {
    const waits: number[] = [];
    for (;;) {
      const wait = await deliverReport(deps, row.id, signal).then(
        () => undefined,
        (error: unknown) => AppError.from(error),
      );
      if (wait === undefined) return waits;
      if (wait.kind !== "rate_limited") throw wait;
      waits.push((wait.retryAfterMs ?? 0) / 1_000);
      state.now += wait.retryAfterMs ?? 0;
    }
  };
  const summary = () => [row.state, ...row.parts.map((part) => `${part.name} ${part.state}`)];
  return { deps, state, run, summary, row: () => row, setRow: (change: Partial<typeof row>) => (row = { ...row, ...change }) };
}

const everything = ["send main", "send thread-1", "send charts"];
const allSent = ["sent", "main sent", "thread-1 sent", "charts sent"];

test("deliverReport, all goes well, sends each message once, in order, and tells the watchdog", async () => {
  const { run, state, summary } = world([sent("1"), sent("2"), sent("3")]);
  expect([await run(), state.calls, summary(), state.announced, state.ended]).toEqual([[], everything, allSent, 1, ["slack sent"]]);
});

test("deliverReport, rate limited and busy, waits as told or longer each time", async () => {
  const { run, state, summary } = world([later(7_000), later(), later()]);
  expect([await run(), state.calls, summary()]).toEqual([
    [7, 4, 8],
    ["send main", "send main", "send main", ...everything.slice(0)],
    allSent,
  ]);
});

test("deliverReport, no answer and it is found, is not sent again", async () => {
  const { run, state, summary } = world([ambiguous], { found: [{ kind: "found", receipt: { channel: "C1", ts: "1" } }] });
  expect([await run(), state.calls, summary()]).toEqual([[35], ["send main", "find main", "send thread-1", "send charts"], allSent]);
});

test("deliverReport, no answer and it is not found, is sent again", async () => {
  const { run, state, summary } = world([ambiguous], { found: [{ kind: "absent" }] });
  expect([await run(), state.calls, summary()]).toEqual([[35], ["send main", "find main", ...everything], allSent]);
});

test("deliverReport, no answer and nobody may look, is unknown and stays so", async () => {
  const { run, state, summary, row } = world([ambiguous], { found: [{ kind: "blind", reason: "missing_scope" }] });
  expect([await run(), state.calls, summary().slice(0, 2), row().reason]).toEqual([
    [35],
    ["send main", "find main"],
    ["unknown", "main unknown"],
    "no answer; missing_scope",
  ]);
  expect([await run(), state.calls.length, state.announced]).toEqual([[], 2, 0]);
});

test("deliverReport, no answer and nobody can look, is unknown at once", async () => {
  const { run, summary } = world([ambiguous], { finds: false });
  expect([await run(), summary()[0]]).toEqual([[], "unknown"]);
});

test.each([
  [true, ["find main", "send thread-1", "send charts"], "sent"],
  [false, [], "unknown"],
])("deliverReport, a reporter died in the middle, looking possible: %s, sends nothing twice", async (finds, calls, result) => {
  const { run, state, summary, row, setRow } = world([], { finds, found: [{ kind: "found", receipt: { channel: "C1", ts: "1" } }] });
  const startedAt = row().createdAt;
  setRow({
    state: "sending",
    parts: [{ name: "main", state: "sending", startedAt, receipt: null, reason: null }],
    leaseUntil: startedAt.getTime() + 60_000,
    holder: "dead",
  });
  expect([await run(), state.calls, summary()[0]]).toEqual([[60], calls, result]);
});

test("deliverReport, refused, has failed and its thread is not tried", async () => {
  const { run, state, summary } = world([{ kind: "refused", reason: "channel_not_found" }]);
  expect([await run(), state.calls, summary()]).toEqual([
    [],
    ["send main"],
    ["failed", "main failed", "thread-1 pending", "charts pending"],
  ]);
});

test("deliverReport, the pictures are refused, is sent and says why, and the message is not posted again", async () => {
  const { run, state, summary, row } = world([sent("1"), sent("2"), { kind: "refused", reason: "missing_scope" }]);
  expect([await run(), state.calls, summary(), row().reason]).toEqual([
    [],
    everything,
    ["sent", "main sent", "thread-1 sent", "charts failed"],
    "missing_scope",
  ]);
});

test("deliverReport, busy for longer than the catch-up, is given up with the last reason", async () => {
  const { run, row } = world(Array.from({ length: 100 }, () => later()));
  const waits = await run();
  expect([row().state, row().reason]).toEqual(["failed", "given up: busy"]);
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(3_600);
});

test("deliverReport, never an answer and never found, is given up and has failed", async () => {
  const { run, row, state } = world(Array.from({ length: 500 }, () => ambiguous));
  await run();
  expect([row().state, row().reason]).toEqual(["failed", "given up: no answer"]);
  expect(state.calls.length).toBeLessThan(60);
});

test("deliverReport, taken up only after the catch-up, is not sent any more", async () => {
  const { run, row, state } = world([]);
  state.now += 3_600_001;
  await run();
  expect([row().state, row().reason, state.calls]).toEqual(["failed", "given up: not sent in time", []]);
});

test("deliverReport, the process is to end, begins nothing more and leaves it pending", async () => {
  const { deps, state, row } = world([]);
  state.stop.abort();
  await expect(deliverReport(deps, row().id, signal)).rejects.toMatchObject({ kind: "rate_limited" });
  expect([state.calls, row().state, row().holder]).toEqual([[], "pending", null]);
});

test("deliverReport, another reporter took over, notes nothing", async () => {
  const { deps, row, setRow } = world([]);
  const outlet = deps.outlets.slack;
  const steal: Outlet = {
    send: async (message) => (setRow({ holder: "other" }), (await outlet?.send(message, signal)) ?? later()),
    find: null,
  };
  await expect(deliverReport({ ...deps, outlets: { slack: steal } }, row().id, signal)).rejects.toMatchObject({ kind: "rate_limited" });
  expect([row().holder, row().parts[0]?.state]).toEqual(["other", "sending"]);
});

test("deliverReport, the channel is no longer set up, has failed", async () => {
  const { deps, row } = world([]);
  expect([await deliverReport({ ...deps, outlets: {} }, row().id, signal), row().reason]).toEqual(["failed", "slack is not set up"]);
});

const fate = fc.constantFrom(
  "arrives",
  "busy",
  "arrives unseen",
  "is lost",
  "arrives and the reporter dies",
  "is lost and the reporter dies",
);

test("deliverReport, whatever happens to each message and whenever a reporter dies, each arrives once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { maxLength: 12 }), async (fates) => {
      const { deps, state, row, setRow } = world([]);
      const arrived: string[] = [];
      const next = fates.values();
      const outlet: Outlet = {
        async send({ part }) {
          const what = next.next().value ?? "arrives";
          if (what.startsWith("arrives")) arrived.push(part);
          if (what.endsWith("dies")) throw new Error("killed");
          if (what === "busy") return later();
          return what === "arrives" ? sent("1") : ambiguous;
        },
        find: async ({ part }) => (arrived.includes(part) ? { kind: "found", receipt: { channel: "C1", ts: "1" } } : { kind: "absent" }),
      };
      for (let tries = 0; row().endedAt === null && tries < 100; tries += 1) {
        await deliverReport({ ...deps, outlets: { slack: outlet } }, row().id, signal).catch((error: unknown) => {
          state.now += AppError.from(error).retryAfterMs ?? 60_000; // after a crash, until the lease has passed
          if (AppError.from(error).retryAfterMs === undefined) setRow({ holder: "dead", leaseUntil: state.now });
        });
      }
      expect([row().state, arrived]).toEqual(["sent", ["main", "thread-1", "charts"]]);
    }),
    { numRuns: 500 },
  );
});
