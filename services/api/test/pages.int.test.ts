import { reportId } from "@flow-rag/contracts";
import { createReportStore } from "@flow-rag/stores";
import { describeInBrowser, openBrowser, sidewaysAt, type Browser } from "@flow-rag/testing";
import { run, signal, startLiveApi, type LiveApi } from "./live-api.js";
import { signedIn } from "./visit.js";

/** What records may hold, and no page may act on. */
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(2)> \u202Egnp.exe ${"very-long-name-".repeat(10)}`;
const window = {
  kind: "daily",
  date: "2026-05-05",
  zone: "Europe/Paris",
  from: new Date("2026-05-04T05:00:00Z"),
  to: new Date("2026-05-05T05:00:00Z"),
  dueAt: new Date("2026-05-05T05:00:00Z"),
  isFirst: true,
  isLate: false,
} as const;
const report = `/reports/${reportId(window)}`;

async function storeReport({ world }: LiveApi): Promise<void> {
  const reports = createReportStore(world.state);
  const claimed = await reports.claim(window, { leaseUntil: new Date(Date.now() + 60_000), now: new Date() }, signal);
  const html = `<!doctype html><html lang="fr"><head><title>t</title></head><body style="margin:0"><h1>3 échecs</h1></body></html>`;
  const rendered = {
    slack: { message: { text: "t", blocks: [] }, thread: [] },
    email: { subject: "s", text: "t", html },
    charts: [],
  };
  const parts = [{ route: { name: hostile.slice(0, 100), slack: [], email: [] }, rendered }];
  await reports.finish(reportId(window), claimed.state === "claimed" ? claimed.holder : "", { report: {}, parts }, new Date());
}

describeInBrowser("pages in a browser", () => {
  let browser: Browser;
  let api: LiveApi;
  beforeAll(async () => {
    [browser, api] = await Promise.all([openBrowser(), startLiveApi()]);
    await api.store([
      run("1", { status: "failed", rawStatus: "KO", error: hostile, pipeline: hostile.slice(0, 200), tech: hostile.slice(0, 120) }),
      run("2"),
    ]);
    await storeReport(api);
  }, 60_000);
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  afterAll(async () => {
    await browser.close();
    expect(await api.world.lifecycle.close()).toBe(true);
  });

  const shown = [
    "/status",
    "/reports",
    report,
    "/anomalies?day=2026-05-05",
    "/docs",
    "/reingest",
    "/admin/queues/",
    "/admin/queues/queue/source.pull",
    "/none",
    "/login?again=1",
  ];
  test.each([
    ["French by day", { locale: "fr-FR", colorScheme: "light" }],
    ["English at night", { locale: "en-GB", colorScheme: "dark" }],
  ] as const)(
    "every page, in %s, is in that language, fits widths from 320 to 1440 and says no error to the console",
    async (name, options) => {
      const { page, faults } = await signedIn(browser, api, options);
      for (const path of shown) {
        await page.goto(api.base + path);
        await page.waitForLoadState("networkidle");
        const own = !path.startsWith("/admin/queues/"); // Bull Board's page, with links of ours
        const language = path === report ? "fr" : options.locale.slice(0, 2); // a report is in the language that it was sent in
        if (own) expect([path, await page.getAttribute("html", "lang")]).toEqual([path, language]);
        if (own) expect([path, await page.locator("header.top nav a").count()]).toEqual([path, 6]);
        for (const width of [320, 390, 768, 1280, 1440]) {
          const sideways = await sidewaysAt(page, width);
          if (own) expect([path, width, sideways]).toEqual([path, width, 0]);
          if (process.env["PAGES_SHOTS"] && [390, 1280].includes(width))
            await page.screenshot({
              path: `${process.env["PAGES_SHOTS"]}/${path.replaceAll(/\W/g, "_")}-${name.replaceAll(" ", "-")}-${width}.png`,
              fullPage: true,
            });
        }
      }
      expect(faults).toEqual([]);
    },
    120_000,
  );
});
