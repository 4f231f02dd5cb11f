import { createLogger } from "./logger.js";
import { createMetrics, type Metrics } from "./metrics.js";

let metrics: Metrics;
beforeEach(() => (metrics = createMetrics({ log: createLogger("test", "silent") })));
afterEach(() => void metrics.close());

const lines = async (name: string) => (await metrics.scrape()).split("\n").filter((line) => line.startsWith(name));

test("createMetrics, a counter is added to, exports its labels and its sum", async () => {
  metrics.ingestRecords.add({ source: "flows", outcome: "embedded" }, 3);
  metrics.ingestRecords.add({ source: "flows", outcome: "embedded" });
  expect(await lines("flowrag_ingest")).toEqual(['flowrag_ingest_records_total{source="flows",outcome="embedded"} 4']);
});

test("createMetrics, a level that nobody set, is not exported as 0", async () => {
  expect(await lines("flowrag_report_last_success_timestamp_seconds")).toEqual([]);
  metrics.reportLastSuccess.set({}, 1_790_000_000);
  expect(await lines("flowrag_report_last_success_timestamp_seconds")).toEqual([
    "flowrag_report_last_success_timestamp_seconds 1790000000",
  ]);
});

test("createMetrics, two of them, share nothing", async () => {
  const other = createMetrics({ log: createLogger("test", "silent") });
  other.jobsStalled.add({}, 7);
  other.close();
  expect(await lines("flowrag_jobs_stalled_total")).toEqual(["flowrag_jobs_stalled_total 0"]);
});

test("scrape, a collector fails, forgets its level and keeps the others", async () => {
  let fails = false;
  metrics.onScrape([metrics.watermarkLag], async () => {
    if (fails) throw new Error("no answer");
    metrics.watermarkLag.set({ source: "flows" }, 12);
  });
  metrics.onScrape([metrics.indexDocuments], async () => metrics.indexDocuments.set({ collection: "flows-1" }, 5));
  expect(await lines("flowrag_watermark")).toEqual(['flowrag_watermark_lag_seconds{source="flows"} 12']);
  fails = true;
  expect([await lines("flowrag_watermark"), await lines("flowrag_index_documents")]).toEqual([
    [],
    ['flowrag_index_documents{collection="flows-1"} 5'],
  ]);
});

test("scrape, asked twice at once, collects once", async () => {
  let collected = 0;
  metrics.onScrape([], async () => void (collected += 1));
  const [first, second] = await Promise.all([metrics.scrape(), metrics.scrape()]);
  expect([first === second, collected]).toEqual([true, 1]);
});
