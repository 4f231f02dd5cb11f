import type { Run } from "@flow-rag/contracts";
import { createRunStore } from "@flow-rag/stores";
import { createHarness, type Harness } from "@flow-rag/testing";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf, flowRag, killRunning, type Ended } from "./command-line.js";

jest.setTimeout(120_000);

const hourMs = 3_600_000;
/** Wed 6 May 2026, 07:30 in Paris. */
const end = Date.parse("2026-05-06T05:30:00Z");
let world: Harness;
let dir: string;
beforeAll(async () => {
  world = await createHarness();
  dir = await mkdtemp(join(tmpdir(), "flow-rag-report-"));
  const runs = ["orders", "stock"].flatMap((pipeline) =>
    Array.from({ length: 41 * 24 }, (_, index): Run => {
      const at = end - (41 * 24 - index) * hourMs + 60_000;
      const fails = pipeline === "orders" && at >= end - 4 * hourMs;
      return {
        source: "flows",
        recordId: `${pipeline}-${index}`,
        pipeline,
        tech: "Spark",
        status: fails ? "failed" : "success",
        rawStatus: fails ? "KO" : "OK",
        ts: new Date(at),
        durationMs: 60_000,
        error: fails ? "disk full <!channel>" : null,
        environment: null,
        owner: "data team",
        runRef: null,
        recordsProcessed: null,
        signature: fails ? "sig-a" : null,
        contentHash: "h",
        fingerprint: "f",
        indexedAt: new Date(at),
      };
    }),
  );
  await createRunStore(world.state).upsert(runs);
});
afterAll(async () => {
  killRunning();
  expect(await world.lifecycle.close()).toBe(true);
  await rm(dir, { recursive: true });
});
const run = (...args: string[]): Promise<Ended> => flowRag(["report", ...args], environmentOf(world), { cwd: dir });

test("flow-rag report, a night with failures, writes every file and says the same in each", async () => {
  const { code, stdout } = await run("--date", "2026-05-06", "--out", "out");
  expect(code).toBe(0);
  expect(stdout).toContain("4 échecs sur 48 exécutions (8,3\u202f%), contre 0 la veille et 0 en médiane sur 7 jours.");
  expect((await readdir(join(dir, "out"))).sort()).toEqual(
    ["email.html", "email.txt", "failures-by-day.png", "failures-by-day.svg", "report.json", "slack.json", "worst-pipelines.png", "worst-pipelines.svg"], // prettier-ignore
  );
  const read = (file: string): Promise<string> => readFile(join(dir, "out", file), "utf8");
  expect(`${stdout}`).toBe(await read("email.txt"));
  expect(JSON.parse(await read("report.json"))).toMatchObject({
    date: "2026-05-06",
    window: { from: "2026-05-05T05:30:00.000Z", to: "2026-05-06T05:30:00.000Z" },
    all: { figures: { runs: 48, failed: 4 }, incidents: [{ state: "new", pipelines: ["orders"], owners: [{ name: "data team" }] }] },
  });
  const slack = await read("slack.json");
  expect(JSON.parse(slack)).toMatchObject({ message: { text: expect.stringContaining("4 échecs (médiane 7 j") as string } });
  expect(slack).not.toContain("<!channel>");
  expect(await read("email.html")).toContain("disk full &lt;!channel&gt;");
});

test("flow-rag report, a dry run in English, prints the blocks and an address that shows them", async () => {
  const { code, stdout } = await run("--now", "2026-05-06T07:30", "--dry-run", "--lang", "en");
  expect(code).toBe(0);
  expect(stdout).toContain('"type": "rich_text"');
  const url = /https:\/\/app\.slack\.com\/block-kit-builder\/#(\S+)/.exec(stdout)?.[1] ?? "";
  expect(JSON.stringify(JSON.parse(decodeURIComponent(url)))).toContain("4 failures out of 48 runs");
});

test("flow-rag report, reports are due at another hour, is as of that hour on both sides of a change of the clocks", async () => {
  const windowOf = async (date: string): Promise<unknown> => {
    const env = { ...environmentOf(world), REPORT_CRON: "30 2 * * *" };
    const { stdout } = await flowRag(["report", "--date", date, "--json"], env, { cwd: dir });
    return (JSON.parse(stdout) as { window: unknown }).window;
  };
  expect(await windowOf("2026-05-06")).toEqual({ from: "2026-05-05T00:30:00.000Z", to: "2026-05-06T00:30:00.000Z" });
  expect(await windowOf("2026-03-30")).toEqual({ from: "2026-03-29T01:30:00.000Z", to: "2026-03-30T00:30:00.000Z" });
});

test("flow-rag report, a quiet morning and one without data, are different messages", async () => {
  expect((await run("--date", "2026-05-05")).stdout).toContain("RAS\u202f: 48 exécutions, 0 échec, 0 absent. Données jusqu’à 06:31.");
  expect((await run("--now", "2026-05-09T07:30")).stdout).toContain("Aucune donnée depuis mer. 6 mai 06:31");
});

test("flow-rag report, routes in the settings, gives each its part and the rest to the default one", async () => {
  await writeFile(join(dir, "settings.yaml"), "routes:\n  - name: orders\n    pipelines: [ord*]\n    slack: [C0ORDERS1]\n");
  const args = ["--date", "2026-05-06", "--settings", "settings.yaml"];
  await run(...args, "--out", "routes");
  expect((await readdir(join(dir, "routes"))).sort()).toEqual(["default", "orders", "report.json"]);
  const { stdout } = await run(...args, "--route", "orders", "--json");
  expect(JSON.parse(stdout)).toMatchObject({ parts: { orders: { figures: { runs: 24, failed: 4 } }, default: { verdict: "quiet" } } });
});

test.each([
  ["a day that is none", ["--date", "2026-02-31"], "--date"],
  ["a day to come", ["--date", "2999-01-01"], "--date"],
  ["a window that ends before it begins", ["--now", "2026-05-06T07:30", "--from", "2026-05-07"], "--from"],
  ["a route that is none", ["--route", "nobody"], "--route"],
  ["settings that are not there", ["--settings", "nothing.yaml"], "nothing.yaml"],
])("flow-rag report, %s, is wrong usage", async (_case, args, named) => {
  const { code, stderr } = await run(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(named);
});
