import { sampleReport } from "../../test/sample-report.js";
import { deliveriesOf, partNamesOf, targetsOf, type DeliverySettings } from "./delivery-targets.js";

const settings: DeliverySettings = { slack: "token", slackChannels: ["C-all"], email: true, recipients: ["all@example.org"] };
const route = (slack: string[] = [], email: string[] = []) => ({ name: "r", slack, email });
const show = (...args: Parameters<typeof targetsOf>) => targetsOf(...args).map(({ channel, target }) => `${channel} ${target}`);

test.each([
  ["a route that names nothing, goes to the defaults", route(), settings, ["slack C-all", "email all@example.org"]],
  ["a route with a channel, goes there only", route(["C1"]), settings, ["slack C1"]],
  ["a route with an address, goes there only", route([], ["a@b.fr"]), settings, ["email a@b.fr"]],
  ["a target named twice, is one", route(["C1", "C1"], ["a@b.fr", "a@b.fr"]), settings, ["slack C1", "email a@b.fr"]],
  ["a webhook, takes whatever names a channel", route(["C1", "C2"]), { ...settings, slack: "webhook" as const }, ["webhook webhook"]],
  ["a webhook, leaves out what is for e-mail", route([], ["a@b.fr"]), { ...settings, slack: "webhook" as const }, ["email a@b.fr"]],
  ["nothing set up, goes nowhere", route(["C1"], ["a@b.fr"]), { ...settings, slack: null, email: false }, []],
])("targetsOf, %s", (_situation, given, configured, expected) => {
  expect(show(given, "daily", configured)).toEqual(expected);
});

test("targetsOf, the weekly digest, goes by e-mail, and to Slack where there is none", () => {
  expect(show(route(["C1"], ["a@b.fr"]), "weekly", settings)).toEqual(["email a@b.fr"]);
  expect(show(route(["C1"]), "weekly", settings)).toEqual(["slack C1"]);
});

test("deliveriesOf, the same report twice, gives the same ids, and each of them once", () => {
  const [from, to] = [new Date(0), new Date(1)];
  const report = {
    id: "x",
    kind: "daily",
    date: "2026-05-06",
    zone: "UTC",
    from,
    to,
    dueAt: to,
    isFirst: false,
    isLate: false,
    routes: [route(["C1", "C2"], ["a@b.fr"])],
  } as const;
  const ids = deliveriesOf(report, settings, to).map(({ id }) => id);
  expect(deliveriesOf(report, settings, to).map(({ id }) => id)).toEqual(ids);
  expect(new Set(ids).size).toBe(3);
  expect(ids[0]).toMatch(/^daily-2026-05-06-[0-9a-f]{10}$/);
});

test("partNamesOf, by channel, has threads and pictures with Slack's API only", () => {
  const report = sampleReport("x");
  expect(partNamesOf("slack", report)).toEqual(["main", "thread-1", "charts"]);
  expect([partNamesOf("webhook", report), partNamesOf("email", report)]).toEqual([["main"], ["main"]]);
});
