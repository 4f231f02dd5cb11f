import { deliveryId, reportId, reportWrite, type Delivery } from "@flow-rag/contracts";
import { DateTime } from "@flow-rag/kernel";
import { createProducer } from "@flow-rag/queue";
import { createDeliveryStore } from "@flow-rag/stores";
import { waitFor } from "@flow-rag/testing";
import fc from "fast-check";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { MailFault } from "./mail-server.js";
import { reporterEnv, startReporter, stopReporter } from "./reporters.js";
import type { SlackFault } from "./slack-server.js";
import { freshWorld } from "./world.js";

const soak = process.env["FLOW_RAG_SOAK"] === "true";
const trials = soak ? 100 : 10;
jest.setTimeout(soak ? 7_200_000 : 600_000);

const world = freshWorld();

const zone = "Europe/Paris";
const addresses = ["anna@example.org", "ben@example.org"];
const slackFault = fc.constantFrom<SlackFault>(
  "429",
  "500-before",
  "500-after",
  "hang-before",
  "hang-after",
  "reset-before",
  "reset-after",
);
const mailFault = fc.constantFrom<MailFault>(
  "450-rcpt",
  "550-rcpt",
  "451-data",
  "hang-before",
  "hang-after",
  "reset-before",
  "reset-after",
);
/** What goes wrong in one trial, and when which reporter dies: `post`: that long after a message reached Slack, else after the job was sent. */
const trial = fc.record({
  slack: fc.array(fc.array(slackFault, { maxLength: 2 }), { minLength: 2, maxLength: 2 }),
  mail: fc.array(fc.array(mailFault, { maxLength: 1 }), { minLength: 2, maxLength: 2 }),
  kills: fc.constantFrom([0], [1], [0, 1]),
  atPost: fc.boolean(),
  afterMs: fc.integer({ min: 0, max: 400 }),
});
const draw = (seed: number) => fc.sample(trial, { seed, numRuns: trials });

type Setup = { env: NodeJS.ProcessEnv; slackChannels: string[]; channel: "slack" | "webhook" };

/** Runs the trials one after another with two reporters; what arrived of each delivery, and what the outbox says of it. */
async function runTrials(
  { env, slackChannels, channel }: Setup,
  seed: number,
): Promise<{ delivery: Delivery; arrived: number; threads: number }[]> {
  const jobs = createProducer({ redis: world().redis, prefix: world().queuePrefix, log: world().log });
  const outbox = createDeliveryStore(world().state);
  const reporters: ChildProcess[] = await Promise.all([startReporter(env), startReporter(env)]);
  const seen: { delivery: Delivery; arrived: number; threads: number }[] = [];
  for (const [index, { slack: slackFaults, mail: mailFaults, kills, atPost, afterMs }] of draw(seed).entries()) {
    const date = DateTime.fromISO("2026-01-01").plus({ days: index }).toFormat("yyyy-MM-dd");
    const due = { kind: "daily", date, zone } as const;
    slackChannels.forEach((name, place) => world().slack.fail(name, slackFaults[place] ?? []));
    addresses.forEach((name, place) => world().mail.fail(name, mailFaults[place] ?? []));
    const [postsBefore, mailsBefore] = [world().slack.posts.length, world().mail.mails.length];
    const posted = world().slack.nextPost();
    await jobs.send(reportWrite, { ...due, dueAt: new Date().toISOString() });
    if (atPost) await posted;
    await sleep(afterMs);
    for (const place of kills) {
      const reporter = reporters[place] as ChildProcess;
      reporter.kill("SIGKILL");
      await once(reporter, "exit");
      reporters[place] = await startReporter(env);
    }

    const expected = [
      ...slackChannels.map((target) => deliveryId(due, { route: "default", channel, target })),
      ...addresses.map((target) => deliveryId(due, { route: "default", channel: "email", target })),
    ];
    const ended = await waitFor(
      async () => {
        const deliveries = await outbox.ofReport(reportId(due), AbortSignal.timeout(5_000));
        return deliveries.length === expected.length && deliveries.every(({ endedAt }) => endedAt !== null) ? deliveries : undefined;
      },
      `the end of the deliveries of ${date}`,
      120_000,
    );
    expect(ended.map(({ id }) => id).sort()).toEqual(expected.sort());
    const [posts, mails] = [world().slack.posts.slice(postsBefore), world().mail.mails.slice(mailsBefore)];
    for (const delivery of ended) {
      const own = posts.filter((post) => (channel === "webhook" ? post.channel === "webhook" : post.delivery === delivery.id));
      const arrived =
        delivery.channel === "email"
          ? mails.filter(({ messageId }) => messageId.startsWith(`<${delivery.id}@`)).length
          : own.filter(({ thread }) => thread === undefined).length;
      seen.push({ delivery, arrived, threads: own.filter(({ thread }) => thread !== undefined).length });
    }
  }
  await jobs.close();
  for (const reporter of reporters) expect(await stopReporter(reporter)).toEqual([0, null]);
  return seen;
}

/** What a delivery's state promises about how often it arrived. */
const isKept = ({ delivery: { state }, arrived }: { delivery: Delivery; arrived: number }): boolean =>
  state === "sent" ? arrived === 1 : state === "failed" ? arrived === 0 : state === "unknown" && arrived <= 1;

test(`two reporters with a bot token, killed at ${trials} random instants, post once a day and channel`, async () => {
  const slackChannels = ["C1", "C2"];
  const env = { ...reporterEnv(world()), SLACK_BOT_TOKEN: "xoxb-test", SLACK_CHANNELS: "C1,C2", MAIL_TO: addresses.join(",") };
  const seen = await runTrials({ env, slackChannels, channel: "slack" }, 7);
  expect(seen.filter((one) => !isKept(one))).toEqual([]);
  const posts = seen.filter(({ delivery }) => delivery.channel === "slack");
  // With the bot's token every outcome is found out.
  expect(posts.map(({ delivery, arrived, threads }) => [delivery.id, delivery.state, arrived, threads])).toEqual(
    posts.map(({ delivery }) => [delivery.id, "sent", 1, 1]),
  );
});

test(`two reporters with a webhook, killed at ${trials} random instants, post at most once a day and show what is unknown`, async () => {
  const env = { ...reporterEnv(world()), SLACK_WEBHOOK_URL: world().slack.webhookUrl, MAIL_TO: addresses.join(",") };
  const seen = await runTrials({ env, slackChannels: ["webhook"], channel: "webhook" }, 8);
  expect(seen.filter((one) => !isKept(one))).toEqual([]);
  expect(new Set(seen.map(({ delivery }) => delivery.state))).toEqual(new Set(["sent", "failed", "unknown"]));
});
