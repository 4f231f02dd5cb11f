import fc from "fast-check";
import { assignPipelines, ownersOf, readRoutes } from "./routes.js";
import { readSettings, settings } from "./settings.js";

const name = fc.string({ minLength: 1, maxLength: 12 });
const glob = fc.array(fc.constantFrom("*", "a", "b", "-", "orders"), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
const globs = fc.array(glob, { maxLength: 2 });
const route = fc.record({ name: fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/), pipelines: globs, owners: globs });
const routes = fc.uniqueArray(route, { selector: (one) => one.name, maxLength: 5 });

test("routes, any patterns and any pipelines, take every pipeline at least once", () => {
  fc.assert(
    fc.property(routes, fc.boolean(), fc.uniqueArray(name, { maxLength: 20 }), (given, hasDefaultChannels, pipelines) => {
      const read = readRoutes(settings.parse({ routes: given }), { hasDefaultChannels });
      const taken = [...assignPipelines(read, pipelines, (pipeline) => (pipeline.length % 2 ? `o-${pipeline}` : null)).values()];
      for (const pipeline of pipelines) expect(taken.some((own) => own.has(pipeline))).toBe(true);
      expect(read.length).toBeGreaterThan(0);
    }),
  );
});

test("routes, a pipeline that a route takes, does not go to the default one as well", () => {
  const read = readRoutes(settings.parse({ routes: [{ name: "orders", pipelines: ["orders*"] }, { name: "ops" }] }), {
    hasDefaultChannels: false,
  });
  const taken = assignPipelines(read, ["orders-daily", "stock"], () => null);
  expect(Object.fromEntries([...taken].map(([key, own]) => [key, [...own]]))).toEqual({ orders: ["orders-daily"], ops: ["stock"] });
});

test("owners, a team of the settings, wins over the owner of the records and alone is mentioned", () => {
  const set = settings.parse({ teams: [{ name: "Finance", owners: ["fin*"], mention: "U0123ABC" }] });
  expect(ownersOf(set, "p", "finance")).toEqual([{ name: "Finance", mention: "U0123ABC" }]);
  expect(ownersOf(set, "p", "<!channel>")).toEqual([{ name: "<!channel>", mention: null }]);
  expect(ownersOf(set, "p", null)).toEqual([]);
});

test.each([
  [{ teams: [{ name: "A" }, { name: "A" }] }, "every team needs a name of its own"],
  [{ routes: [{ name: "a", teams: ["B"] }] }, "there is no team B"],
  [{ routes: [{ name: "a" }, { name: "a" }] }, "every route needs a name of its own"],
  [{ routes: [{ name: "../a" }] }, "must be lower case letters, digits and hyphens"],
  [{ routes: [{ name: "a", slack: ["#general"] }] }, "must be a Slack channel id"],
  [{ routes: [{ name: "a", email: ["x\r\nBcc: y@z.fr"] }] }, "email"],
  [{ teams: [{ name: "A", mention: "<!channel>" }] }, "must be a Slack user or user group id"],
])("settings, %j, are refused with the reason", (given, reason) => {
  const result = settings.safeParse(given);
  expect(result.success).toBe(false);
  expect(JSON.stringify(result.error?.issues)).toContain(reason);
});

test("readSettings, a file that is not there, is refused by its name", async () => {
  await expect(readSettings("/nonexistent/settings.yaml")).rejects.toMatchObject({ kind: "invalid_input" });
  expect((await readSettings(undefined)).routes).toEqual([]);
});
