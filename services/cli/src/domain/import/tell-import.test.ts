import type { FileRecord } from "./file-record.js";
import { surveyRecords } from "./survey-records.js";
import { refusalWithoutTimes } from "./tell-import.js";

async function refusalOf(documents: readonly Record<string, unknown>[]): Promise<string | undefined> {
  async function* records(): AsyncGenerator<FileRecord> {
    for (const [index, document] of documents.entries()) yield { line: index + 2, document };
  }
  const read = () => ({ source: "flows", recordId: "", fields: {} });
  const { signal } = new AbortController();
  const survey = await surveyRecords(records(), { read, paths: { times: [], numbers: [] }, zone: "UTC", signal });
  return refusalWithoutTimes(survey, ["timestamp", "ended_at"]);
}

test.each([
  [
    "a French start and end",
    { "Date de début": "29/11/2026 10:00", "Date de fin": "29/11/2026 10:05", lignes: "20261129" },
    "Date de fin",
    ["Date de fin", "Date de début"],
  ],
  ["an ISO start alone", { lancé: "2026-11-29T10:00:00Z", durée: "12,5", code: "0" }, "lancé", "lancé"],
  ["epochs beside a count", { t: 1_795_946_400, lignes: 48_211 }, "t", "t"],
])("refusalWithoutTimes, %s under names that nobody maps, proposes the field", async (_situation, document, field, timestamp) => {
  const setting = JSON.stringify({ timestamp });
  expect(await refusalOf([document, document])).toContain(`"${field}" looks like it: SOURCE_FIELDS='${setting}'`);
});

test("refusalWithoutTimes, nothing that is a time, proposes nothing and leaves the name open", async () => {
  const refusal = await refusalOf([{ nom: "orders", lignes: "12", version: "1.2.3.4" }]);
  expect(refusal).toContain(`say which is the time: SOURCE_FIELDS='{"timestamp":"…"}'`);
});

test("refusalWithoutTimes, fields of usual names beside the times, proposes them too", async () => {
  const run = { Traitement: "paie", État: "Incidenté", Message: "refusé", Début: "29/11/2026 10:00", Fin: "29/11/2026 10:05" };
  const fields = { timestamp: ["Fin", "Début"], pipeline: "Traitement", status: "État", error: "Message" };
  expect(await refusalOf([run])).toContain(`SOURCE_FIELDS='${JSON.stringify(fields)}'`);
});
