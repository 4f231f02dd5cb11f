import type { ErrorKind } from "@flow-rag/kernel";
import { emptyFields } from "../domain/read-reingest.js";
import type { FleetStatus } from "../entry/status-schema.js";
import { anomalyPage } from "./anomaly-page.js";
import { frame, placesFor } from "./frame.js";
import { loginPage } from "./login-page.js";
import type { PageView, Viewer } from "./page-view.js";
import { problemPage } from "./problem-page.js";
import { ingestionPage, reingestCountPage, reingestFormPage } from "./reingest-page.js";
import { reportListPage, reportPage } from "./report-pages.js";
import { statusPage } from "./status-page.js";
import { markup } from "@flow-rag/kernel";

const hostile = `</title></textarea>"'><script>alert(1)</script><img src=x onerror=alert(2)>\u202Egnp.exe\u0000${"x".repeat(3_000)}`;
const viewer: Viewer = { name: hostile, scopes: ["query", "ingest", "admin"], sources: null, by: "session" };
const view = (given: Partial<PageView> = {}): PageView => ({
  ...{ language: "fr", zone: "Europe/Paris", now: new Date("2026-05-06T08:00:00Z"), address: "/status", viewer },
  ...given,
});
const status: FleetStatus = {
  status: "degraded",
  at: "2026-05-06T08:00:00.000Z",
  version: "1",
  node: "v20",
  dependencies: { redis: { status: "down", ms: 1_000, reason: hostile } },
  sources: [
    {
      source: hostile,
      records: 12_345,
      runs: null,
      setAside: 0,
      unread: null,
      inParity: null,
      enqueuedThrough: hostile,
      indexedThrough: "2026-05-06T07:30:00.000Z",
      movedAt: null,
      nextReconcileAt: "2026-05-07T03:40:00.000Z",
    },
  ],
  doubts: null,
  index: null,
  queues: null,
  report: { lastSentAt: null, deliveries: { unknown: 1 } },
  breakers: { chroma: "open" },
  model: { embedder: null, chat: hostile, tokens: null },
};
const finding = {
  ...{ pipeline: hostile, tech: hostile, kind: "new_error", severity: "critical", observed: 1, expected: 0, pValue: null, rule: null },
  ...{ signature: null, evidence: [], facts: {}, window: { from: "2026-05-05T00:00:00.000Z", to: "2026-05-06T00:00:00.000Z" } },
  sentence: { fr: hostile, en: hostile },
} as const;
const listed = {
  ...{ date: "2026-05-05", zone: "Europe/Paris", from: "2026-05-04T22:00:00.000Z", to: "2026-05-05T22:00:00.000Z", runs: 3, pipelines: 1 },
  incidents: [
    {
      ...{
        tech: hostile,
        techs: [hostile],
        signature: null,
        pipelines: Array(20).fill(hostile),
        kinds: ["new_error"],
        severity: "critical",
        state: "new",
      },
      ...{ since: "2026-05-05T00:00:00.000Z", findings: [{ ...finding, state: "new", since: "2026-05-05T00:00:00.000Z" }] },
    },
  ],
  resolved: [],
  unjudged: [finding],
  failures: [
    { id: "f", pipeline: hostile, tech: hostile, status: "failed", at: "2026-05-05T02:00:00.000Z", durationMs: null, signature: null },
  ],
  allClear: false,
} as unknown as Parameters<typeof anomalyPage>[1];
const fields = { ...emptyFields, source: "flows", pipelines: hostile, ids: hostile, statuses: ["failed"] as const };
const ingestion = {
  ...{ id: hostile, state: "failed", reason: hostile, progress: null, pull: null },
  batches: { total: 0, done: 0, indexed: 0, unchanged: 0, removed: 0, setAside: 0, failed: 0 },
} as Parameters<typeof ingestionPage>[1];
const report = {
  ...{
    id: hostile,
    kind: "daily",
    date: hostile,
    from: new Date(0),
    to: new Date(1),
    writtenAt: new Date(2),
    isLate: true,
    routes: [hostile],
  },
};
const problemOf = (kind: ErrorKind) => ({ status: 400, kind, detail: hostile, requestId: "r", back: undefined });

const pages: [string, (one: PageView) => string][] = [
  ["status", (one) => statusPage(one, status)],
  ["anomalies", (one) => anomalyPage(one, listed, { previous: "2026-05-04", next: "2026-05-06", latest: "2026-05-06" })],
  ["reports", (one) => reportListPage(one, [report])],
  ["sign in", (one) => loginPage(one, { next: hostile, reason: "wrong" })],
  ["problem", (one) => problemPage(one, problemOf("not_found"))],
  ["re-ingest form", (one) => reingestFormPage(one, { sources: ["flows", hostile], fields, wrong: { fr: hostile, en: hostile } })],
  ["re-ingest count", (one) => reingestCountPage(one, { fields, counted: ingestion, ticket: "t" })],
  ["ingestion", (one) => ingestionPage(one, ingestion)],
];

test.each(pages)("%s page, hostile text in every place, stays text, in both languages", (_name, page) => {
  for (const language of ["fr", "en"] as const) {
    const html = page(view({ language }));
    expect(html).toContain(`<html lang="${language}">`);
    expect(html.match(/<script/g)).toBeNull();
    expect(html.match(/<img|<iframe|<style|\sstyle=|javascript:/g)).toBeNull();
    expect(html.replaceAll(/"[^"]*"/g, '""').match(/<\w[^>]*\son\w+\s*=/g)).toBeNull();
    expect(html.match(/<bdi>[^<]*[\p{Cf}][^<]*<\/bdi>/gu)).toBeNull();
  }
});

test("status page, French and English, are in the zone, tell doubt and load themselves again", () => {
  const [french, english] = [statusPage(view(), status), statusPage(view({ language: "en" }), status)];
  expect(french).toContain("Une partie ne répond pas ou attend");
  expect(french).toContain("09:30</time>");
  expect(french).toContain("12\u202F345");
  expect(french).toContain("Redis ne répond pas\u202F: on ne sait rien des files.");
  expect(english).toContain("A part does not answer, or waits");
  expect(english).toContain("12,345");
  expect([french, english].every((page) => /<meta http-equiv="refresh" content="\d+">/.test(page))).toBe(true);
});

test("anomaly page, nothing unusual where something could not be judged, does not claim to have judged all", () => {
  const quiet = { ...listed, incidents: [], failures: [], allClear: true };
  const around = { previous: "2026-05-04", next: undefined, latest: "2026-05-05" };
  expect(anomalyPage(view(), quiet, around)).toContain("rien d’inhabituel dans ce qui a pu être jugé");
  expect(anomalyPage(view(), { ...quiet, unjudged: [] }, around)).toContain("rien d’inhabituel.");
  expect(anomalyPage(view(), { ...quiet, runs: 0, allClear: false }, around)).toContain("Aucune exécution enregistrée");
});

test("placesFor, a key of each kind, are the pages that it opens", () => {
  const hrefs = (given: Partial<Viewer> | null) => placesFor(given && { ...viewer, ...given }).map(({ href }) => href);
  expect(hrefs(null)).toEqual(["/docs"]);
  const data = ["/runs", "/signatures", "/conversations", "/usage", "/bi/databases"];
  const all = ["/status", "/reports", "/anomalies", "/admin/queues/", "/reingest", "/docs", ...data, "/ingestion", "/questions"];
  expect(hrefs({})).toEqual(all);
  expect(hrefs({ sources: ["flows"] })).toEqual(all.filter((href) => !["/reports", "/admin/queues/"].includes(href)));
  expect(hrefs({ scopes: ["ingest"] })).toEqual(["/reingest", "/docs", "/ingestion"]);
});

test("frame, an address with a question, is offered in the other language with the question kept", () => {
  const page = frame(view({ address: "/anomalies?day=2026-05-05" }), { title: "t", body: markup`b` });
  expect(page).toContain('<a href="/anomalies?day=2026-05-05&amp;lang=en"');
  expect(page).toContain('<a href="/anomalies" aria-current="page">');
});

test("report page, a mail with and without a head, has the way around in front of it once", () => {
  for (const mail of ["<html><head><title>t</title></head><body class='page'><p>3</p></body></html>", "<p>3</p>"]) {
    const page = reportPage(view({ address: "/reports/x" }), mail);
    expect([page.match(/<header /g)?.length, page.match(/page\.css/g)?.length, page.includes("<p>3</p>")]).toEqual([1, 1, true]);
  }
});

test("problem page, a request that no page of ours sent, says that nothing was done and that the key is not the cause", () => {
  const [french, english] = (["fr", "en"] as const).map((language) => problemPage(view({ language }), problemOf("foreign_request")));
  expect(french).toContain("Votre clé n’est pas en cause");
  expect(english).toContain("Nothing was done: this request does not come from a page of flow-rag");
  for (const page of [french, english]) expect(page).not.toContain("again=1");
});
