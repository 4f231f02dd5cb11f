import { describeInBrowser, openBrowser, type Browser } from "@flow-rag/testing";
import { startLiveApi, type LiveApi } from "./live-api.js";
import { startLiveFleet } from "./live-fleet.js";
import { giveKey, signedIn } from "./visit.js";

const hostileName = `<img src=x onerror=alert(1)>\u202Egnp`;

describeInBrowser("walks through the pages", () => {
  let browser: Browser;
  let api: LiveApi;
  let stopFleet: () => Promise<boolean>;
  beforeAll(async () => {
    [browser, api] = await Promise.all([openBrowser(), startLiveApi()]);
    const rows = Array.from({ length: 12 }, (_, id) => ({
      _id: `r${id}`,
      pipeline_name: id === 0 ? hostileName : `orders-${id % 3}`,
      tech: "Spark",
      status: id % 4 === 0 ? "KO" : "OK",
      timestamp: new Date(Date.UTC(2026, 4, 5, id)),
    }));
    await api.world.source.collection("flow_monitoring").insertMany(rows as never[]);
    stopFleet = await startLiveFleet(api);
  }, 60_000);
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  afterAll(async () => {
    await browser.close();
    expect(await stopFleet()).toBe(true);
    expect(await api.world.lifecycle.close()).toBe(true);
  });

  test("a person, from the queues to the form, counts what matches and has it read again, without scripts of ours", async () => {
    const { page, faults } = await signedIn(browser, api, { locale: "en-GB" });
    await page.getByRole("link", { name: "Queues" }).click();
    await page.getByText("source.pull").first().waitFor();
    await page.goto(`${api.base}/reingest`);
    await page.getByLabel("From", { exact: true }).fill("2026-05-05");
    await page.getByLabel("failed", { exact: true }).check();
    await page.getByRole("button", { name: "Count first" }).click();
    await page.getByText("3 records match.").waitFor();
    await page.getByRole("button", { name: "Change" }).click();
    expect(await page.getByLabel("failed", { exact: true }).isChecked()).toBe(true);
    await page.getByLabel("Pipelines").fill("orders-1");
    await page.getByRole("button", { name: "Count first" }).click();
    await page.getByText("1 record matches.").waitFor();
    await page.getByRole("button", { name: "Re-ingest now" }).click();
    await page.waitForURL(/\/reingest\/flows~manual-/);
    await page.getByText("✓ done", { exact: true }).waitFor();
    expect(await api.world.state.collection("runs").countDocuments({ source: "flows", recordId: "r4", status: "failed" })).toBe(1);
    expect(faults).toEqual([]);
  }, 60_000);

  test("a form that was filled in wrongly, comes back with what was given and says what does not fit", async () => {
    const { page, faults } = await signedIn(browser, api, { locale: "fr-FR" });
    await page.goto(`${api.base}/reingest`);
    await page.getByLabel("Pipelines").fill(hostileName);
    await page.getByLabel("Depuis le").fill("2026-05-08");
    await page.getByLabel("Jusqu’au").fill("2026-05-01");
    await page.getByRole("button", { name: "Compter d’abord" }).click();
    expect(await page.getByRole("alert").textContent()).toContain("« Jusqu’au » doit être après « Depuis le »");
    expect([await page.getByLabel("Pipelines").inputValue(), await page.getByLabel("Depuis le").inputValue()]).toEqual([
      hostileName,
      "2026-05-08",
    ]);
    expect(faults).toEqual([]);
  });

  test("a key that is limited to a source, finds that source in the form, no queues, and is refused the others", async () => {
    const key = await api.newKey(["query", "ingest", "admin"], ["flows"]);
    const { page, faults } = await signedIn(browser, api, { key, locale: "en-GB" });
    await page.goto(`${api.base}/reingest`);
    expect(await page.locator("select[name=source] option").allTextContents()).toEqual(["flows"]);
    expect(await page.locator("header.top nav a").allTextContents()).toEqual(["Status", "Anomalies", "Re-ingest", "API"]);
    await page.evaluate("document.querySelector('select[name=source] option').value = 'others'");
    await page.getByLabel("The whole source").check();
    await page.getByRole("button", { name: "Count first" }).click();
    expect(await page.locator("main").textContent()).toContain("the key reads of these sources only: flows");
    const board = await page.goto(`${api.base}/admin/queues/`);
    expect([board?.status(), await page.locator("main").textContent()]).toEqual([
      403,
      expect.stringContaining("the queues hold jobs of all sources, and the key is for flows only"),
    ]);
    expect(faults).toEqual([]);
  });

  test("a session, ended while a form was filled in, leads to the form to sign in and back to the page", async () => {
    const { page } = await signedIn(browser, api, { locale: "en-GB" });
    await page.goto(`${api.base}/reingest`);
    await api.world.state.collection("sessions").deleteMany({});
    await page.getByRole("button", { name: "Count first" }).click();
    await page.getByText("A key is needed to see this page.").waitFor();
    await page.getByRole("link", { name: "Sign in with another key" }).click();
    await giveKey(page, api.admin);
    expect(page.url()).toBe(`${api.base}/reingest`);
  });

  test("a session, over when a page is opened, says so and comes back to that page", async () => {
    const { page, faults } = await signedIn(browser, api, { locale: "en-GB" });
    await api.world.state.collection("sessions").deleteMany({});
    await page.goto(`${api.base}/anomalies?day=2026-05-05`);
    expect(await page.getByRole("alert").textContent()).toBe("The session is over. Give the key again.");
    await giveKey(page, api.admin);
    expect(page.url()).toBe(`${api.base}/anomalies?day=2026-05-05`);
    expect(faults).toEqual([]);
  });

  test("sign out, on any page, ends the session for good", async () => {
    const { page, faults } = await signedIn(browser, api, { locale: "en-GB" });
    const [{ value } = { value: "" }] = await page.context().cookies();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(`${api.base}/login`);
    await page.goto(`${api.base}/status`);
    expect(new URL(page.url()).pathname).toBe("/login");
    const replayed = await fetch(`${api.base}/status`, { headers: { cookie: `flow_rag_session=${value}` } });
    expect([replayed.status, faults]).toEqual([401, []]);
  });

  test("a link of another site, the person has signed in, opens the page and not the form", async () => {
    const { page } = await signedIn(browser, api);
    await page.route("http://localhost:1/", (route) =>
      route.fulfill({ contentType: "text/html", body: `<a href="${api.base}/anomalies?day=2026-05-05">x</a>` }),
    );
    await page.goto("http://localhost:1/");
    await page.locator("a").click();
    await page.locator("header.top").waitFor();
    expect([page.url(), await page.locator("h1").textContent()]).toEqual([
      `${api.base}/anomalies?day=2026-05-05`,
      expect.stringContaining("Anomalies"),
    ]);
  });
});
