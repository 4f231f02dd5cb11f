import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import iconv from "iconv-lite";
import { flowRag, killRunning } from "./command-line.js";

jest.setTimeout(120_000);

let dir: string;
beforeAll(async () => (dir = await mkdtemp(join(tmpdir(), "flow-rag-recipes-"))));
afterAll(async () => {
  killRunning();
  await rm(dir, { recursive: true });
});

/** The rows of the table under "Recipes". */
const recipes = readFileSync(new URL("../../../docs/IMPORT.md", import.meta.url), "utf8")
  .split("## Recipes")[1]!
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .slice(2)
  .map((line) => line.split(" | ").map((cell) => cell.replace(/^[| ]+|[| ]+$/g, "").replace(/^`|`$/g, "")))
  .map(([system = "", options = "", fields = ""]) => ({ system, options: options === "" ? [] : options.split(" "), fields }));

/** What each system writes, shortened, and how its records must be read: pipeline, status, time, duration. */
const exports: Readonly<Record<string, { content: string | Buffer; lines: readonly RegExp[] }>> = {
  "GitHub Actions": {
    content: JSON.stringify({
      total_count: 2,
      workflow_runs: [
        {
          id: 11_873_456_789,
          name: "CI",
          status: "completed",
          conclusion: "failure",
          run_started_at: "2026-11-29T09:00:05Z",
          updated_at: "2026-11-29T09:10:05Z",
        },
        {
          id: 2,
          name: "CI",
          status: "in_progress",
          conclusion: null,
          run_started_at: "2026-11-29T09:00:05Z",
          updated_at: "2026-11-29T09:01:05Z",
        },
      ],
    }),
    lines: [/CI · techno GitHub Actions · status failed .* 2026-11-29T09:10:05.000Z · duration 600000 ms/, /status running/],
  },
  Kubernetes: {
    content: JSON.stringify(
      {
        apiVersion: "v1",
        kind: "List",
        items: [
          {
            kind: "Job",
            metadata: { name: "orders-29", uid: "u1", labels: { app: "orders" } },
            status: {
              startTime: "2026-11-29T01:00:00Z",
              conditions: [{ type: "Failed", status: "True", message: "backoff limit", lastTransitionTime: "2026-11-29T01:05:00Z" }],
            },
          },
          { kind: "Job", metadata: { uid: "u2", labels: { app: "crm" } }, status: { startTime: "2026-11-29T01:00:00Z", active: 1 } },
          {
            kind: "Job",
            metadata: { uid: "u3", creationTimestamp: "2026-11-29T00:30:00Z", labels: { app: "stock" } },
            status: { conditions: [{ type: "Suspended", status: "True", lastTransitionTime: "2026-11-29T00:30:00Z" }] },
          },
        ],
      },
      null,
      4,
    ),
    lines: [
      /orders · techno Kubernetes · status failed .* 2026-11-29T01:05:00.000Z · duration 300000 ms · error "backoff limit"/,
      /crm .* status running/,
      /stock .* time 2026-11-29T00:30:00.000Z/,
    ],
  },
  dbt: {
    content: JSON.stringify({
      metadata: { generated_at: "2026-11-29T05:00:00.123456Z", invocation_id: "i1" },
      results: [
        { status: "success", execution_time: 3.25, message: "INSERT 0 12", unique_id: "model.shop.orders", timing: [{ name: "execute" }] },
        { status: "error", execution_time: 0.5, message: "Database Error", unique_id: "model.shop.crm", timing: [] },
      ],
      elapsed_time: 4.1,
    }),
    lines: [
      /model\.shop\.orders · techno dbt · status success .* 2026-11-29T05:00:00.123Z · duration 3250 ms · error none/,
      /crm · techno dbt · status failed .* error "Database Error"/,
    ],
  },
  Airflow: {
    content: JSON.stringify({
      dag_runs: [
        {
          dag_id: "orders",
          dag_run_id: "r1",
          state: "failed",
          start_date: "2026-11-29T01:00:00+00:00",
          end_date: "2026-11-29T01:01:00+00:00",
        },
        { dag_id: "crm", dag_run_id: "r2", state: "queued", start_date: null, end_date: null, logical_date: "2026-11-29T00:00:00+00:00" },
        {
          dag_id: "fx",
          dag_run_id: "r3",
          state: "queued",
          start_date: null,
          end_date: null,
          logical_date: null,
          run_after: "2026-11-29T02:00:00Z",
        },
      ],
      total_entries: 2,
    }),
    lines: [
      /orders · techno Airflow · status failed .* 2026-11-29T01:01:00.000Z · duration 60000 ms/,
      /crm .* status running .* time 2026-11-29T00:00:00.000Z/,
      /fx .* status running .* time 2026-11-29T02:00:00.000Z/,
    ],
  },
  "French CSV": {
    content: iconv.encode(
      "flux;outil;état;fin;durée;erreur\r\nstock;SQL;Échec;03/11/2026 07:00;1,5;délai\r\na;b;Réussi;29/11/2026 10:00;2;\r\n",
      "windows-1252",
    ),
    lines: [
      /stock · techno SQL · status failed .* 2026-11-03T06:00:00.000Z · duration 1500 ms · error "délai"/,
      /status success .* duration 2000 ms/,
    ],
  },
};

test("docs/IMPORT.md, its recipes, are those that are run here", () => {
  expect(recipes.map(({ system }) => system)).toEqual(Object.keys(exports));
});

test.each(recipes)("flow-rag import, the recipe for $system, reads what it writes", async ({ system, options, fields }) => {
  await writeFile(join(dir, "export"), exports[system]?.content ?? "");
  const env = { PATH: process.env["PATH"], SOURCE_FIELDS: fields };
  const { code, stdout, stderr } = await flowRag(["import", "export", "--dry-run", ...options], env, { cwd: dir });
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("not understood") as string]);
  const lines = stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(exports[system]?.lines.length ?? 0);
  for (const [index, expected] of (exports[system]?.lines ?? []).entries()) expect(lines[index]).toMatch(expected);
});
