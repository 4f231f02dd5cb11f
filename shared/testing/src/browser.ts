import { existsSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

export type { Browser, BrowserContextOptions, Page };

/** Where Debian, Ubuntu, Fedora and Chrome's own packages put it; `CHROMIUM_PATH` names another. */
const usualPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** What a machine without network and without a display needs: nothing is looked up, updated or synchronised. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const findChromium = (): string | undefined => [process.env["CHROMIUM_PATH"] ?? "", ...usualPaths].find((path) => existsSync(path));

/** `describe` for tests in a real browser. On a machine without one they are skipped, and a line says how to have them run. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (findChromium() !== undefined) return describe(name, tests);
  process.stderr.write(`skipped: ${name}: no Chromium here (apt-get install chromium, or CHROMIUM_PATH)\n`);
  describe.skip(name, tests);
}

/** For whatever a page is waited for. */
const withinMs = 15_000;

/** A headless Chromium that knows no host but this machine; `hosts` are names that lead here all the same. The caller closes it. */
export async function openBrowser({ hosts = [] }: { hosts?: readonly string[] } = {}): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("no Chromium here");
  const rules = [...hosts.map((host) => `MAP ${host} 127.0.0.1`), "MAP * ~NOTFOUND", "EXCLUDE localhost", "EXCLUDE 127.0.0.1"];
  return await chromium.launch({ executablePath, headless: true, args: [...flags, `--host-resolver-rules=${rules.join(",")}`] });
}

/**
 * A page in a profile of its own, and what goes wrong in it: errors of the console and of scripts, requests to other hosts. A document's own
 * status from 400 up, which the console repeats, is none of them: a test asks for such pages.
 */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ serviceWorkers: "block", ...options });
  context.setDefaultTimeout(withinMs);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => undefined);
  });
  page.on("console", (message) => {
    const ofDocument = /^Failed to load resource/.test(message.text()) && message.location().url === page.url();
    if (["error", "warning"].includes(message.type()) && !ofDocument) faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    const own = page.url() === "about:blank" || request.isNavigationRequest() ? host : new URL(page.url()).host;
    if (protocol !== "data:" && host !== own) faults.push(`request: ${request.url()}`);
  });
  return { page, faults };
}

/** How far the page can be scrolled sideways, in pixels, at a width: 0 is what a reader wants. */
export async function sidewaysAt(page: Page, width: number): Promise<number> {
  await page.setViewportSize({ width, height: 800 });
  return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
}
