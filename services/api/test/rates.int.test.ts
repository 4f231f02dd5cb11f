import { runStatus, type Run } from "@flow-rag/contracts";
import { run, startLiveApi, type LiveApi } from "./live-api.js";

const now = new Date();
const techs = ["Spark", "Talend", "dbt"];
let state = 20_261_130;
// Source: Numerical Recipes' linear congruential generator.
const random = (below: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
/** Runs of every status, the unread ones and those in progress included. */
const runs: Run[] = Array.from({ length: 400 }, (_, index) => {
  const status = runStatus.options[random(runStatus.options.length)] as Run["status"];
  return run(`r${index}`, {
    pipeline: `flow-${index % 7}x`,
    tech: techs[random(techs.length)] as string,
    status,
    ts: new Date(now.getTime() - (index + 1) * 20 * 60_000),
    ...(status === "failed" && { error: "disk full", signature: "disk" }),
  });
});

/** Failures, and the runs that ended, counted over the records themselves. */
const counted = (tech?: string): [failures: number, ended: number] => {
  const own = runs.filter((each) => tech === undefined || each.tech === tech);
  const of = (...statuses: string[]) => own.filter(({ status }) => statuses.includes(status)).length;
  return [of("failed"), of("failed", "success", "warning")];
};

let api: LiveApi;
beforeAll(async () => {
  api = await startLiveApi({ RATE_LIMIT_QUESTIONS: "0" });
  await api.store(runs);
}, 60_000);
afterAll(async () => {
  expect(await api.world.lifecycle.close()).toBe(true);
});

const ask = async (query: string): Promise<string> => String((await api.send("POST", "/query", { body: { query } })).body["answer"]);

test("failure rate, over random records of every status, is the same in /query and /bi/query and says what it is of", async () => {
  const [failures, ended] = counted();
  expect(ended).toBeLessThan(runs.length);
  expect(await ask("failure rate in the last 30 days")).toContain(`${failures} failures out of ${ended} finished runs (400 in all)`);
  const byTech = await ask("failure rate by techno in the last 30 days");
  for (const tech of techs) {
    const [part, of] = counted(tech);
    expect(byTech).toContain(`${((100 * part) / of).toFixed(1).replace(/\.0$/, "")}% (${part} of ${of})`);
  }
  const body = { metrics: ["failure_rate"], dimensions: ["tech"] };
  const { rows } = (await api.send("POST", "/bi/query", { body })).body as { rows: { tech: string; failure_rate: number }[] };
  expect(new Map(rows.map((row) => [row.tech, row.failure_rate]))).toEqual(
    new Map(techs.map((tech) => [tech, counted(tech)[0] / counted(tech)[1]])),
  );
});

test("POST /query, success and failure rate together, gives both and each is right", async () => {
  const [failures, ended] = counted();
  const succeeded = runs.filter(({ status }) => status === "success").length;
  const answer = await ask("taux de succès et taux d'échec ces 30 derniers jours");
  expect(answer).toContain(`${failures} échecs sur ${ended} exécutions terminées`);
  expect(answer).toContain(`${succeeded} succès sur ${ended} exécutions terminées`);
});

test("POST /query, several statuses that are counted, tells each of them, a zero as well", async () => {
  const answer = await ask("combien d'échecs et d'avertissements Talend ces 30 derniers jours ?");
  const own = runs.filter(({ tech }) => tech === "Talend");
  for (const [status, noun] of [
    ["failed", "échec"],
    ["warning", "avertissement"],
  ] as const)
    expect(answer).toContain(`• ${own.filter((each) => each.status === status).length} ${noun}`);
});

test("POST /query, the hour of most failures, is the hour of the day with most of them", async () => {
  const hours = new Map<string, number>();
  const format = new Intl.DateTimeFormat("fr-FR", { timeZone: "Europe/Paris", hour: "2-digit", hourCycle: "h23" });
  for (const { ts, status } of runs)
    if (status === "failed") hours.set(format.format(ts).slice(0, 2), (hours.get(format.format(ts).slice(0, 2)) ?? 0) + 1);
  const most = Math.max(...hours.values());
  const peaks = [...hours].filter(([, count]) => count === most).map(([hour]) => hour);
  const answer = await ask("At what hour do most failures happen in the last 30 days?");
  const said = /Maximum: (.*), \d/.exec(answer)?.[1] ?? "";
  expect(peaks.some((hour) => said.includes(`${hour}:00`))).toBe(true);
  expect(answer).toContain(`${most} failures`);
});
