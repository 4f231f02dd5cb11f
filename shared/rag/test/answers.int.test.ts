import type { Run } from "@flow-rag/contracts";
import { createHarness, type Harness } from "@flow-rag/testing";
import { existsSync, readFileSync } from "node:fs";
import { createAsking, run } from "./asking.js";

const file = new URL("../../../../shared/data/runs/website-checks.ndjson", import.meta.url);
let harness: Harness;
beforeEach(async () => (harness = await createHarness()));
afterEach(async () => expect(await harness.lifecycle.close()).toBe(true));

const ask = (query: string) => createAsking(harness).ask(query);
const store = (rows: readonly Run[]) => createAsking(harness).store(rows);

(existsSync(file) ? test : test.skip)(
  "answerQuestion, website-checks.ndjson (../shared/data), counts 8 failures on 5 pipelines of 67 runs",
  async () => {
    const lines = readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const records = lines.map(
      (line) => JSON.parse(line) as { pipeline_name: string; status: string; timestamp: { $date: string }; error_message?: string },
    );
    await store(
      records.map((record, index) =>
        run(index, {
          pipeline: record.pipeline_name,
          tech: "http",
          status: record.status === "FAILED" ? "failed" : "success",
          ts: new Date(record.timestamp.$date),
          error: record.error_message ?? null,
          signature: record.error_message ?? null,
        }),
      ),
    );
    const { facts, answer } = await ask("qu'est-ce qui a échoué hier ?");
    expect([facts?.matching, facts?.groupCount, facts?.runs]).toEqual([8, 5, 67]);
    expect(answer.split("\n")[0]).toBe("Hier (mar. 5 mai)\u202F: 8 échecs sur 67 exécutions (11,9\u202F%), sur 5 pipelines.");
  },
);

test("answerQuestion, failures by techno, are counted, listed and quoted in French typography", async () => {
  await store([
    run(1, { status: "failed", error: "ORA-12541: TNS:no listener", signature: "a", tech: "Talend", pipeline: "crm-export" }),
    run(2, { status: "failed", error: "code 137", signature: "b" }),
    run(3, { status: "failed", error: "code 137", signature: "b" }),
    run(4, { ts: new Date("2026-05-06T05:59:00Z") }),
    run(5, {}),
  ]);
  const { answer, citations } = await ask("Quelles technos ont échoué hier ?");
  expect(answer.split("\n")).toEqual([
    "Hier (mar. 5 mai)\u202F: 3 échecs sur 4 exécutions (75\u202F%), dans 2 technos.",
    "• **Spark**\u202F: 2 échecs\u202F; 1 pipeline\u202F: `orders-daily` (2). «\u202Fcode 137\u202F» [1]",
    "• **Talend**\u202F: 1 échec\u202F; 1 pipeline\u202F: `crm-export` (1). «\u202FORA-12541: TNS:no listener\u202F» [2]",
    "Fenêtre\u202F: du 5 mai 00:00 au 6 mai 00:00, Europe/Paris. Données complètes.",
  ]);
  expect(citations.map(({ id }) => id)).toEqual(["flows:3", "flows:1"]);
});

test.each([
  ["échecs hier ?", /^Hier \(mar\. 5 mai\)\u202F: 0 échec sur 1 exécution \(0\u202F%\)\./],
  ["how many failures yesterday?", /^Yesterday \(Tue 5 May\): 0 failures out of 1 run \(0%\)\./],
  [
    "échecs avant-hier ?",
    /^Aucune exécution enregistrée avant-hier \(lun\. 4 mai\)\. Ce n’est pas la même chose que «\u202F0 échec\u202F»/,
  ],
  ["Combien d'échecs sur Airflow hier ?", /^Aucune techno «\u202FAirflow\u202F» dans les données\. Technos connues\u202F: `Spark`\.$/],
  ["Quels échecs le 31 février ?", /^Je n’ai pas compris la date ou la période «\u202Fle 31 février\u202F»/],
  ["bonjour", /^Je réponds sur les exécutions/],
])("answerQuestion, %j, is told in words of its language", async (query, wanted) => {
  await store([run(1, {})]);
  const { answer } = await ask(query);
  expect(answer).toMatch(wanted);
});
