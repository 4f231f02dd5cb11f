import { reportId } from "@flow-rag/contracts";
import { createReportStore } from "@flow-rag/stores";
import { describeInBrowser, openBrowser, sidewaysAt, type Browser, type Page } from "@flow-rag/testing";
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

  /** Follows every link of a page to this service, those of the pages behind it too; what each of them was. */
  async function crawl(page: Page, from: string): Promise<Map<string, string>> {
    const seen = new Map<string, string>();
    const next = [from];
    for (let path = next.shift(); path !== undefined; path = next.shift()) {
      if (seen.has(path)) continue;
      const response = await page.goto(api.base + path);
      await page.waitForLoadState("networkidle");
      seen.set(path, `${response?.status() ?? 0} ${(response?.headers()["content-type"] ?? "").split(";", 1)[0]}`);
      const links = await page.locator("a[href]").evaluateAll((all: { href: string }[]) => all.map(({ href }) => href));
      const own = links.map((link) => new URL(link)).filter(({ origin }) => origin === api.base);
      // The other language is the other test; days before days have no end; Bull Board's own links are its own.
      next.push(
        ...own.map(({ pathname, search }) => pathname + search).filter((one) => !/[?&](?:lang|status|day)=|^\/admin\/queues\/./.test(one)),
      );
    }
    return seen;
  }

  test.each(["fr-FR", "en-GB"])(
    "every page that a page links to, in %s, is a page in that language without an error, and the last one signs out",
    async (locale) => {
      const { page, faults } = await signedIn(browser, api, { locale });
      const found = await crawl(page, "/status");
      const paths = [...found.keys()];
      expect(paths).toEqual(expect.arrayContaining(["/status", "/reports", "/anomalies", "/admin/queues/", "/reingest", "/docs"]));
      expect(paths).toEqual(expect.arrayContaining(["/runs", "/signatures", "/conversations", "/usage", "/ingestion", "/questions"]));
      expect(paths.some((path) => path.startsWith("/runs/"))).toBe(true);
      const others = [...found].filter(([path, what]) => what !== "200 text/html" && !/\.json$/.test(path));
      expect(others).toEqual([]);
      await page.goto(`${api.base}/runs`);
      expect(await page.getAttribute("html", "lang")).toBe(locale.slice(0, 2));
      await page.locator("header.top form button").click();
      await page.waitForURL(`${api.base}/login`);
      await page.goto(`${api.base}/runs`);
      expect([new URL(page.url()).pathname, faults]).toEqual(["/login", []]);
    },
    120_000,
  );

  const shown = [
    "/status",
    "/reports",
    report,
    "/anomalies?day=2026-05-05",
    "/docs",
    "/reingest",
    "/runs",
    "/runs/flows:1",
    "/signatures",
    "/usage",
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
