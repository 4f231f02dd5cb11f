import { openPage, type Browser, type BrowserContextOptions, type Page } from "@flow-rag/testing";
import type { LiveApi } from "./live-api.js";

/** Fills in the form that `page` shows and waits for the page behind it. */
export async function giveKey(page: Page, key: string): Promise<void> {
  await page.locator("input[name=key]").fill(key);
  await page.locator("main form button").click();
  await page.waitForURL((now) => now.pathname !== "/login");
}

/** A browser of its own that has signed in, on the first page that the key opens. */
export async function signedIn(
  browser: Browser,
  { base, admin }: LiveApi,
  { key = admin, ...options }: BrowserContextOptions & { key?: string } = {},
): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(browser, options);
  await opened.page.goto(`${base}/login`);
  await giveKey(opened.page, key);
  return opened;
}
