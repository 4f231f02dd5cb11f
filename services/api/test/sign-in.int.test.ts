import {
  describeInBrowser,
  openBrowser,
  openPage,
  startReverseProxy,
  type Browser,
  type BrowserContextOptions,
  type Page,
} from "@flow-rag/testing";
import { startLiveApi, type LiveApi } from "./live-api.js";
import { giveKey } from "./visit.js";

const host = "flows.test";

async function signIn(page: Page, url: string, key: string): Promise<void> {
  await page.goto(url);
  await giveKey(page, key);
}

describeInBrowser("sign-in in a browser", () => {
  let browser: Browser;
  let api: LiveApi;
  let port: string;
  const closers: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    [browser, api] = await Promise.all([openBrowser({ hosts: [host] }), startLiveApi({ TRUST_PROXY: "loopback" })]);
    port = new URL(api.base).port;
  }, 60_000);
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    for (const close of closers.splice(0)) await close();
  });
  afterAll(async () => {
    await browser.close();
    expect(await api.world.lifecycle.close()).toBe(true);
  });

  const proxied = async (tls: boolean, headers: (name: string) => Record<string, string>): Promise<string> => {
    const proxy = await startReverseProxy(api.base, { tls, headers: (request) => headers(request.headers.host ?? "") });
    closers.push(proxy.close);
    return `${tls ? "https" : "http"}://${host}:${proxy.port}`;
  };
  const ways: readonly [string, boolean, () => Promise<string>][] = [
    ["localhost", false, async () => `http://localhost:${port}`],
    ["127.0.0.1", false, async () => `http://127.0.0.1:${port}`],
    ["a host name without https", false, async () => `http://${host}:${port}`],
    ["a proxy that keeps the name and ends https", true, () => proxied(true, () => ({ "x-forwarded-proto": "https" }))],
    [
      "a proxy that tells the name and ends https",
      true,
      () => proxied(true, (name) => ({ "x-forwarded-proto": "https", "x-forwarded-host": name, host: "api:8000" })),
    ],
    ["a proxy that tells the name, without https", false, () => proxied(false, (name) => ({ "x-forwarded-host": name, host: "api:8000" }))],
    ["a proxy that tells nothing and ends https", false, () => proxied(true, () => ({ host: "api:8000" }))],
  ];
  const anyCertificate: BrowserContextOptions = { ignoreHTTPSErrors: true };

  test.each(ways)(
    "/status, by %s, asks for a key, comes back and keeps a cookie that scripts and other sites lack",
    async (_way, secure, way) => {
      const base = await way();
      const { page, faults } = await openPage(browser, anyCertificate);
      await signIn(page, `${base}/status`, api.admin);
      expect(page.url()).toBe(`${base}/status`);
      expect(await page.locator("h1").count()).toBe(1);
      expect(await page.context().cookies()).toMatchObject([{ name: "flow_rag_session", httpOnly: true, sameSite: "Strict", secure }]);
      expect(faults).toEqual([]);
    },
  );

  test("a page of another site, sends our form with the person's cookies, changes nothing", async () => {
    const base = `http://127.0.0.1:${port}`;
    const { page } = await openPage(browser);
    await signIn(page, `${base}/status`, api.admin);
    await page.route("http://localhost:1/", (route) =>
      route.fulfill({ contentType: "text/html", body: `<form method="post" action="${base}/logout"><button>x</button></form>` }),
    );
    await page.goto("http://localhost:1/");
    const [answer] = await Promise.all([page.waitForResponse(`${base}/logout`), page.locator("button").click()]);
    expect(answer.status()).toBe(403);
    await page.goto(`${base}/status`);
    expect(page.url()).toBe(`${base}/status`);
  });
});
