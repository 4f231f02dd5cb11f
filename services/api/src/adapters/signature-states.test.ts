import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSignatureStates } from "./signature-states.js";
import { openTeamSettings } from "./team-settings.js";

const signature = {
  id: "sig-a",
  template: "disk full",
  example: "disk full",
  count: 2,
  pipelines: ["orders"],
  techs: ["Spark"],
  first: new Date("2026-05-01T08:00:00Z"),
  last: new Date("2026-05-05T08:00:00Z"),
  firstSeen: new Date("2026-03-01T08:00:00Z"),
};
const now = () => new Date("2026-05-06T06:00:00Z");
const signal = new AbortController().signal;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "flow-rag-api-"));
});
afterAll(() => rm(dir, { recursive: true }));

test.each([
  ["the environment's", undefined, 14, { state: "regressed", regressedOn: "2026-05-05" }],
  ["a longer environment's", undefined, 90, { state: "new", regressedOn: null }],
  ["the file's before the environment's", "regressedAfterDays: 90", 14, { state: "new", regressedOn: null }],
])("signature states, quiet days of %s, decide what is back", async (_whose, yaml, regressedAfterDays, expected) => {
  const settingsFile = yaml === undefined ? undefined : join(dir, "settings.yaml");
  if (settingsFile !== undefined) await writeFile(settingsFile, yaml ?? "");
  const readSettings = await openTeamSettings({ settingsFile, regressedAfterDays });
  const listed = { list: async () => [{ ...signature, days: ["2026-03-01", "2026-05-05"] }] };
  expect(await createSignatureStates(listed, readSettings, now).list({}, 10, signal)).toEqual([{ ...signature, ...expected }]);
});

test("team settings, a file that is wrong or becomes so, is said at start-up and is not the caller's mistake", async () => {
  const settingsFile = join(dir, "team.yaml");
  await writeFile(settingsFile, "mutted: []\n");
  await expect(openTeamSettings({ settingsFile, regressedAfterDays: 14 })).rejects.toMatchObject({ kind: "invalid_input" });
  await writeFile(settingsFile, "muted: [a]\n");
  const read = await openTeamSettings({ settingsFile, regressedAfterDays: 14 });
  expect(await read()).toMatchObject({ muted: ["a"], regressedAfterDays: 14 });
  await writeFile(settingsFile, "mutted: []\n");
  await expect(read()).rejects.toMatchObject({ kind: "upstream_unavailable" });
});
