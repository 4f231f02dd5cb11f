import { indexReconcile, reportWrite, sourcePull } from "@flow-rag/contracts";
import { createProducer, type Producer } from "@flow-rag/queue";
import { createDeliveryStore } from "@flow-rag/stores";
import { waitFor } from "@flow-rag/testing";
import {
  faults,
  outlets,
  readinessName,
  services,
  startFaultyFleet,
  stores,
  type Fault,
  type FaultyFleet,
  type Said,
  type Service,
  type Store,
} from "./faulty-fleet.js";

/*
 * Every dependency by every fault, for each of the services that do work. Of the API the same rows stand in services/api/test:
 * fault-matrix and stopped-servers for the stores, language-model for the model. What Slack and a mail server do to one message is in
 * services/reporter/test: outlets, killed-reporters.
 */
jest.setTimeout(240_000);
const signal = new AbortController().signal;
const perRow = 20;
const minuteMs = 60_000;

let fleet: FaultyFleet;
let jobs: Producer;
let row = 0;
beforeAll(async () => {
  fleet = await startFaultyFleet();
  const { redis, queuePrefix: prefix, log, lifecycle } = fleet.world;
  jobs = lifecycle.own("producer", createProducer({ redis, prefix, log }), (resource) => resource.close());
  fleet.chat.reply(() => ({ text: "RAS." }));
});
afterAll(async () => expect(await fleet.close()).toBe(true));

/** New records, a pull that is to find them, and the report of a day of its own: what a tick of the clock asks for. */
async function addRecords(): Promise<void> {
  const first = (row += 1) * perRow;
  const rows = Array.from({ length: perRow }, (_, index) => ({
    _id: first + index,
    pipeline_name: `pipeline-${index % 7}`,
    tech: "Spark",
    status: index % 5 === 0 ? "KO" : "OK",
    error_message: index % 5 === 0 ? "disk full" : null,
    timestamp: new Date(Date.now() - (perRow - index) * 1_000),
  }));
  await fleet.world.source.collection("flow_monitoring").insertMany(rows as never[]);
}
let tick = 0;
async function askForWork(): Promise<void> {
  await jobs.send(sourcePull, { source: "flows", slot: `manual-${(tick += 1)}` });
  const date = `2026-01-${String(row).padStart(2, "0")}`;
  await jobs.send(reportWrite, { kind: "daily", date, zone: "UTC", dueAt: new Date().toISOString() });
}

/** Every record once in the runs and in the index, and every report once in Slack and in the mail box. */
async function untilAllIsThere(): Promise<void> {
  const compared = async () => {
    const jobId = await jobs.send(indexReconcile, { source: "flows", slot: `manual-look-${(tick += 1)}`, repair: false });
    const { result } = await waitFor(
      async () => {
        const outcome = await jobs.outcome(indexReconcile, jobId);
        return outcome.result || outcome.state === "failed" ? outcome : undefined;
      },
      "a comparison",
      60_000,
    );
    return result?.inSync === true && result.runs === row * perRow ? result : undefined;
  };
  const found = await waitFor(compared, "everything to be indexed", 90_000);
  expect(found).toMatchObject({ source: row * perRow, runs: row * perRow, index: row * perRow, missing: 0, extra: 0, stale: 0, dead: 0 });
  const ended = async () => {
    const all = await createDeliveryStore(fleet.world.state).list(100, signal);
    return all.length === 2 * row && all.every(({ endedAt }) => endedAt !== null) ? all : undefined;
  };
  const deliveries = await waitFor(ended, "the end of the deliveries", 90_000);
  expect(deliveries.filter(({ state }) => state !== "sent")).toEqual([]);
  expect(fleet.slack.posts.filter(({ thread }) => thread === undefined)).toHaveLength(row);
  expect(new Set(fleet.mail.mails.map(({ messageId }) => messageId)).size).toBe(row);
  expect(fleet.mail.mails).toHaveLength(row);
}
async function untilReady(service: Service): Promise<void> {
  let last: unknown;
  const isReady = async () => {
    const { status, body } = await fleet.probe(service, "/ready");
    last = body;
    return status === 200 ? true : undefined;
  };
  await waitFor(isReady, `${service} to be ready`, 45_000).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify(last)}`);
  });
}

type Lines = Readonly<Record<Service, number>>;
const linesSoFar = (): Lines => ({
  producer: fleet.said.producer.length,
  worker: fleet.said.worker.length,
  reporter: fleet.said.reporter.length,
});
/** One line a minute and kind: what is said, of which queue and for which reason. */
function expectFewLines(since: Lines, until: Lines, ms: number): void {
  const kindOf = ({ msg, queue, reason, task }: Said) => JSON.stringify([msg, queue, task, reason]);
  for (const service of services) {
    const counts = new Map<string, number>();
    for (const line of fleet.said[service].slice(since[service], until[service]))
      counts.set(kindOf(line), (counts.get(kindOf(line)) ?? 0) + 1);
    const tooOften = [...counts].filter(([, count]) => count > 1 + Math.ceil(ms / minuteMs));
    expect([service, tooOften]).toEqual([service, []]);
  }
}

/** Strikes while work is asked for, looks at every service, mends, and waits until all is there. */
async function live(strike: () => Promise<void>, look: () => Promise<void>, mend: () => Promise<void>): Promise<void> {
  const since = linesSoFar();
  const from = Date.now();
  await addRecords();
  await askForWork();
  await strike();
  try {
    await look();
  } finally {
    await mend();
  }
  for (const service of services) await untilReady(service);
  expectFewLines(since, linesSoFar(), Date.now() - from);
  await askForWork(); // as the next tick does
  await untilAllIsThere();
}

const says = {
  redis: /Redis|REDIS_URL|not connected|does not answer/,
  mongodb: /MongoDB|does not answer/,
  chroma: /Chroma|does not answer/,
};
const matrix = stores.flatMap((store) => faults.map((fault): [Store, Fault] => [store, fault]));
test.each(matrix)("producer, worker and reporter, their %s is %s, live, say so, and lose and double nothing", async (store, fault) => {
  const look = async () => {
    for (const service of services) {
      const name = readinessName[store][service];
      const isDown = name !== undefined && fault !== "slow";
      const seen = await waitFor(
        async () => {
          const [live, ready] = await Promise.all([fleet.probe(service, "/health"), fleet.probe(service, "/ready")]);
          expect([service, live.status]).toEqual([service, 200]);
          return ready.status === (isDown ? 503 : 200) ? ready.body : undefined;
        },
        `the readiness of the ${service} to tell the truth`,
        30_000,
      );
      const check = (seen["checks"] as Record<string, { status: string; reason?: string }>)[name ?? "redis"];
      expect([service, check]).toMatchObject([
        service,
        isDown ? { status: "down", reason: expect.stringMatching(says[store]) as string } : { status: "ok" },
      ]);
    }
  };
  await live(
    () => fleet.strike(store, fault),
    look,
    () => fleet.mend(store, fault),
  );
});

test.each(faults)(
  "the reporter, Slack, mail server and model are %s, is ready, says why nothing is sent, and sends each once",
  async (fault) => {
    const look = async () => {
      const stuck = async () => {
        const open = (await createDeliveryStore(fleet.world.state).list(100, signal)).filter(({ endedAt }) => endedAt === null);
        const told = open.filter(({ reason }) => reason !== null && /^(?:Slack|SMTP): /.test(reason));
        return told.length === 2 ? told : undefined;
      };
      if (fault !== "slow") await waitFor(stuck, "both deliveries to say why", 60_000);
      for (const service of services) {
        expect([service, (await fleet.probe(service, "/health")).status]).toEqual([service, 200]);
        await untilReady(service); // what it needs for its work is there: it is the delivery that waits
      }
    };
    await live(
      async () => outlets.forEach((outlet) => fleet.strikeOutlet(outlet, fault)),
      look,
      async () => outlets.forEach((outlet) => fleet.mendOutlet(outlet, fault)),
    );
  },
);
