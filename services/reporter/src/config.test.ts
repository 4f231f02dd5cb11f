import { loadConfig } from "@flow-rag/kernel";
import { schema } from "./config.js";

const addresses = { MONGO_URI: "mongodb://127.0.0.1:27017", REDIS_URL: "redis://127.0.0.1:6379" };
const read = (env: Record<string, string>) => loadConfig(schema, { ...addresses, ...env });
const hook = "https://hooks.slack.com/services/T0/B0/s3cret";

test("config, nothing but the addresses, has half past seven and nothing to send by", () => {
  expect(read({})).toMatchObject({
    business: { zone: "Europe/Paris" },
    schedule: { daily: "30 7 * * *", weekly: "45 7 * * 1", catchUpMs: 21_600_000 },
    slack: { token: undefined, webhookUrl: undefined, channels: [] },
    mail: { smtpUrl: undefined, to: [] },
  });
});

test("config, channels, recipients and a sender with a name, are read as lists and parts", () => {
  const mail = {
    SMTP_URL: "smtps://mail.example.org",
    MAIL_FROM: "Équipe données <report@example.org>",
    MAIL_TO: "anna@example.org, ben@example.org,",
  };
  expect(read({ ...mail, SLACK_BOT_TOKEN: "xoxb-x", SLACK_CHANNELS: "C1,C2" })).toMatchObject({
    slack: { channels: ["C1", "C2"] },
    mail: { from: { name: "Équipe données", address: "report@example.org" }, to: ["anna@example.org", "ben@example.org"] },
  });
});

test.each([
  ["a token and a webhook", { SLACK_BOT_TOKEN: "xoxb-s3cret", SLACK_WEBHOOK_URL: hook }, "SLACK_WEBHOOK_URL"],
  ["a webhook elsewhere", { SLACK_WEBHOOK_URL: "https://hooks.slack.com.evil.example/s3cret" }, "SLACK_WEBHOOK_URL"],
  ["a webhook without TLS", { SLACK_WEBHOOK_URL: hook.replace("https", "http") }, "SLACK_WEBHOOK_URL"],
  ["a webhook with another host as user", { SLACK_WEBHOOK_URL: "https://hooks.slack.com@evil.example/s3cret" }, "SLACK_WEBHOOK_URL"],
  ["an API elsewhere", { SLACK_API_URL: "https://slack.example/api/" }, "SLACK_API_URL"],
  ["channels without a token", { SLACK_CHANNELS: "C1" }, "SLACK_BOT_TOKEN"],
  ["a mail server without a sender", { SMTP_URL: "smtp://user:s3cret@mail.example.org" }, "MAIL_FROM"],
  ["recipients without a mail server", { MAIL_TO: "anna@example.org" }, "SMTP_URL"],
  ["a recipient that is none", { SMTP_URL: "smtp://mail.example.org", MAIL_FROM: "a@b.fr", MAIL_TO: "s3cret" }, "MAIL_TO"],
  ["a sender that is none", { SMTP_URL: "smtp://mail.example.org", MAIL_FROM: "s3cret" }, "MAIL_FROM"],
  ["a catch-up longer than a day", { REPORT_CATCH_UP: "2d" }, "REPORT_CATCH_UP"],
])("config, %s, is refused by its name and not its value", (_situation, env, variable) => {
  const reading = () => read(env);
  expect(reading).toThrow(new RegExp(`\\b${variable}\\b`));
  expect(reading).not.toThrow(/s3cret/);
});

test("config, a Slack-compatible server that is named, may be spoken to", () => {
  expect(read({ SLACK_HOSTS: "chat.example.org", SLACK_WEBHOOK_URL: "http://chat.example.org:8065/hooks/x" }).slack.webhookUrl).toContain(
    "8065",
  );
});
