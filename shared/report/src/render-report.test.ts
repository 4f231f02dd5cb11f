import { cleanLine, escapeMarkup, Html, markup } from "@flow-rag/kernel";
import fc from "fast-check";
import { arbitraryReport, hostileTexts } from "../test/arbitrary-report.js";
import { composeDocument } from "./compose-document.js";
import { drawCharts, rasterise } from "./draw-charts.js";
import { renderEmail, renderReport } from "./render-report.js";
import type { Report } from "./report.js";

const pictures = [{ name: "failures-by-day.png", alt: 'Échecs "par jour" <b>' }];
const emailOf = (report: Report) => renderEmail(composeDocument(report, "default"), pictures);

const tag =
  /<(?:!doctype html|\/?(?:html|head|body|title|style|table|tr|td|h1|h2|p|div|span|strong|br)(?: (?:lang|style|class|role|width|cellpadding|cellspacing|align)="[^"<>]*")*|meta (?:charset|name|content)="[^"<>]*"(?: content="[^"<>]*")?|img src="cid:[a-z-]+\.png" alt="[^"<>]*" width="552" style="[^"<>]*")>/g;

/** The text that a reader sees, of markup that consists of our own tags. */
const seen = (markup: string): string =>
  markup
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace(tag, " ")
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" })[name] ?? "");

test("e-mail, any report with any text, has our own tags only, no address to load from, and stays under 100 kB", () => {
  fc.assert(
    fc.property(arbitraryReport(60), (report) => {
      const { subject, text, html } = emailOf(report);
      expect(Buffer.byteLength(html)).toBeLessThan(100_000);
      expect(subject).not.toMatch(/[\r\n\p{Cc}]/u);
      const rest = html.replace(/<style>[\s\S]*?<\/style>/, "").replace(tag, "");
      expect(rest).not.toMatch(/[<>]/);
      expect(html).not.toMatch(/(?:src|href|background)="(?!cid:)/);
      expect(html).not.toMatch(/url\(|@import/);
      expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    }),
    { numRuns: 200 },
  );
});

test("e-mail, any report, says the same in text and in HTML", () => {
  const squeeze = (text: string): string => text.replace(/[\s·*[\]▲●✓=_-]+/g, "").toLowerCase();
  fc.assert(
    fc.property(arbitraryReport(10), (report) => {
      const { text, html } = emailOf(report);
      const [plain, shown] = [squeeze(text), squeeze(seen(html))];
      const document = composeDocument(report, "default");
      for (const section of [...document.main, ...document.details]) {
        if (section.kind !== "rows") continue;
        for (const row of document.main.includes(section) ? section.rows : section.rows.slice(0, section.most)) {
          const said = squeeze(`${row.head.map((one) => one.text).join("")}${row.figure ?? ""}`);
          expect(plain).toContain(said);
          expect(shown).toContain(said);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test("e-mail, more rows than fit, names the others and counts those that it cannot name", () => {
  const [report] = fc.sample(arbitraryReport(1), { numRuns: 1, seed: 5 });
  if (!report) throw new Error("no report");
  const failing = Array.from({ length: 2_000 }, (_, index) => ({
    pipeline: `pipeline-${index}`,
    tech: "Spark",
    failures: 1,
    runs: 2,
    first: report.window.from,
    last: report.window.from,
    stillFailing: false,
    owners: [],
    cause: { signature: null, text: "disk full" },
  }));
  const { html, text } = emailOf({ ...report, language: "fr", all: { ...report.all, verdict: "eventful", failing } });
  const shown = text.match(/^\* pipeline-\d+ /gm)?.length ?? 0;
  expect(shown).toBeGreaterThan(50);
  const number = (count: number): string => new Intl.NumberFormat("fr-FR").format(count);
  const left = `… et ${number(2_000 - shown)} autres\u202f: pipeline-${shown} (1), pipeline-${shown + 1} (1)`;
  expect([text.includes(left), html.includes(left)]).toEqual([true, true]);
  const named = text.slice(text.indexOf(left)).match(/pipeline-\d+ \(1\)/g)?.length ?? 0;
  expect(named).toBeGreaterThan(1_000);
  expect(named + shown === 2_000 || text.includes(`(1) … et ${number(2_000 - shown - named)} autres`)).toBe(true);
});

test.each(hostileTexts.map((text) => [text]))("markup, the text %j, comes out as text", (text) => {
  const made = markup`<p class="${text}">${text}${new Html("<br>")}</p>`.text;
  expect(made).toBe(`<p class="${escapeMarkup(text)}">${escapeMarkup(text)}<br></p>`);
  expect(escapeMarkup(text)).not.toMatch(/[<>"']/);
});

test.each(hostileTexts.map((text) => [text]))("cleanLine, the text %j, is one visible line of at most the length", (text) => {
  const line = cleanLine(text, 40);
  expect([...line].length).toBeLessThanOrEqual(40);
  expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u200B-\u200F\u2028-\u202E\u2066-\u2069]/u);
});

test("pictures, any report with any name, are XML that sharp draws, with an alternative of at most 2,000 characters", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryReport(2), async (given) => {
      const report: Report = { ...given, all: { ...given.all, verdict: "eventful" } };
      const drawings = drawCharts(report, "default");
      const charts = await rasterise(drawings, (problem, error) => {
        throw error instanceof Error ? error : new Error(problem);
      });
      expect(charts.map(({ name }) => name)).toEqual(["failures-by-day.png", "worst-pipelines.png"]);
      for (const { alt, png } of charts) {
        expect([...png.subarray(1, 4)]).toEqual([...Buffer.from("PNG")]);
        expect([...alt].length).toBeLessThanOrEqual(2_000);
      }
    }),
    { numRuns: 15 },
  );
});

test("pictures, a drawing that fails, are left out and told", async () => {
  const told: string[] = [];
  expect(await rasterise([{ name: "a.png", alt: "a", svg: "<svg" }], (problem) => told.push(problem))).toEqual([]);
  expect(told).toEqual(["failed"]);
});

test("report, rendered twice, gives the same texts", async () => {
  const [report] = fc.sample(arbitraryReport(5), { numRuns: 1, seed: 11 });
  if (!report) throw new Error("no report");
  const [first, second] = [await renderReport(report, { name: "default" }), await renderReport(report, { name: "default" })];
  expect(second).toEqual(first);
});
