import type { Scope } from "@flow-rag/contracts";
import { AppError, createLogger, Lifecycle } from "@flow-rag/kernel";
import { waitFor } from "@flow-rag/testing";
import { request } from "node:http";
import { fakeDeps, fakeKeys, httpSettings } from "../test/fake-api.js";
import type { Config } from "./config.js";
import { scopesOf, type Route } from "./entry/route.js";
import { createRoutes } from "./entry/routes.js";
import { serve, type ApiDeps } from "./serve.js";

const log = createLogger("test", "silent");
const scopes = ["query", "ingest", "admin", "metrics"] as const satisfies readonly Scope[];
const keys = fakeKeys({ query: ["query"], ingest: ["ingest"], admin: ["admin"], metrics: ["metrics"], all: scopes });
const table = createRoutes(fakeDeps());

let lifecycle: Lifecycle;
beforeEach(() => (lifecycle = new Lifecycle(log)));
afterEach(async () => expect(await lifecycle.close()).toBe(true));

async function start(deps: Partial<ApiDeps> = {}, http: Partial<Config["http"]> = {}): Promise<string> {
  const port = await serve({ config: { http: { ...httpSettings, ...http } }, lifecycle, log }, { ...fakeDeps(), keys, ...deps });
  return `http://127.0.0.1:${port}`;
}
const address = ({ path }: Route): string => path.replaceAll(/\{\w+\}/g, "x");
const call = async (base: string, route: Route, headers: Record<string, string> = {}): Promise<number> =>
  (await fetch(`${base}${address(route)}`, { method: route.method, headers, redirect: "manual" })).status;
/** As `fetch`, which forbids to set some of these headers. */
const requestWith = (base: string, path: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(`${base}${path}`, { method: "POST", headers }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0));
    });
    sent.once("error", reject).end();
  });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test("route table, every route, has an access of its own, a tag, a summary and an answer", () => {
  for (const { method, path, scope, tag, summary, answers, limits } of table) {
    expect([`${method} ${path}`, [...scopes, "anybody"]]).toEqual([`${method} ${path}`, expect.arrayContaining([scope].flat())]);
    expect([tag, summary].every((text) => text !== "") && Object.keys(answers).length > 0 && limits.class.length > 0).toBe(true);
  }
});

test("route table, what is open to anybody, is this and nothing else", () => {
  expect(table.filter(({ scope }) => scope === "anybody").map(({ method, path }) => `${method} ${path}`)).toEqual([
    "get /health",
    "get /ready",
    "get /login",
    "post /login",
    "post /logout",
    "get /",
    "get /openapi.json",
    "get /docs",
    "get /assets/{name}",
    "get /favicon.ico",
  ]);
});

test("route table, what is data for browsers too, is this and has its reason", () => {
  const data = table.filter(({ dataOnly }) => dataOnly !== undefined);
  expect(data.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "get /v1/models",
    "get /v1/models/{model}",
    "get /reports/{id}.json",
    "get /bi/export",
    "get /health",
    "get /ready",
    "get /metrics",
    "get /openapi.json",
    "get /assets/{name}",
    "get /favicon.ico",
  ]);
  for (const { path, dataOnly = "" } of data) expect([path, dataOnly.split(" ").length > 2]).toEqual([path, true]);
});

test("route table, a method and path, is there once", () => {
  const names = table.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(names).size).toBe(names.length);
});

const guarded = table.filter(({ scope }) => scope !== "anybody");
test.each(guarded.map((route) => [`${route.method} ${route.path}`, route] as const))(
  "%s, without a key and with a key of each scope, is 401, 403 or let in",
  async (_name, route) => {
    const base = await start();
    expect(await call(base, route)).toBe(401);
    for (const wrong of ["", "unknown", "query query", "frag_0123456789abcdef_short", encodeURI("clé"), "x".repeat(300)])
      expect(await call(base, route, bearer(wrong))).toBe(401);
    expect(await call(base, route, { authorization: "Basic cXVlcnk6" })).toBe(401);
    for (const scope of scopes) {
      const status = await call(base, route, bearer(scope));
      if (scopesOf(route.scope).includes(scope)) expect([401, 403]).not.toContain(status);
      else expect(status).toBe(403);
    }
  },
);

test("a key as a query parameter, is not looked at", async () => {
  expect((await fetch(`${await start()}/query?key=all`, { method: "POST" })).status).toBe(401);
});

test("an unknown path, a method that a path lacks and OPTIONS, are 404, 405 with Allow and 204 with Allow", async () => {
  const base = await start();
  const [unknown, wrong, options, head] = await Promise.all([
    fetch(`${base}/nowhere`),
    fetch(`${base}/query`, { method: "DELETE" }),
    fetch(`${base}/query`, { method: "OPTIONS" }),
    fetch(`${base}/health`, { method: "HEAD" }),
  ]);
  expect([unknown.status, wrong.status, wrong.headers.get("allow"), options.status, options.headers.get("allow"), head.status]).toEqual([
    404,
    405,
    "POST, OPTIONS",
    204,
    "POST, OPTIONS",
    200,
  ]);
});

test("a service without any key, this machine's names, are let in and others are not", async () => {
  const base = await start({ keys: fakeKeys() });
  const send = (headers: Record<string, string>) => requestWith(base, "/query", headers);
  expect(await send({})).toBe(415);
  expect(await send({ host: "localhost:8000" })).toBe(415);
  expect(await send({ host: "evil.example" })).toBe(401);
  expect(await send({ origin: "https://evil.example" })).toBe(403);
  expect(await send({ "sec-fetch-site": "cross-site" })).toBe(403);
});

test("a service without any key, a key is made and revoked again, demands one from then on", async () => {
  let exists = false;
  const base = await start({ keys: { ...fakeKeys(), exists: async () => exists } });
  exists = true;
  const refused = async (): Promise<true | undefined> => ((await requestWith(base, "/query", {})) === 401 ? true : undefined);
  expect(await waitFor(refused, "the key to be demanded")).toBe(true);
  exists = false;
  expect(await requestWith(base, "/query", {})).toBe(401);
});

test("serve, an address of the network and no key, refuses to start and says how to go on", async () => {
  await expect(start({ keys: fakeKeys() }, { loopback: false })).rejects.toThrow(/flow-rag keys create/);
});

test("a session cookie, reads anywhere and changes only from our own pages", async () => {
  const base = await start();
  const cookie = { cookie: "other=1; flow_rag_session=all" };
  expect(await requestWith(base, "/query", cookie)).toBe(403);
  expect(await requestWith(base, "/query", { ...cookie, "sec-fetch-site": "same-site" })).toBe(403);
  expect(await requestWith(base, "/query", { ...cookie, origin: "null" })).toBe(403);
  expect(await requestWith(base, "/query", { ...cookie, origin: base.replace("http", "https") })).toBe(415);
  expect(await requestWith(base, "/query", { ...cookie, "sec-fetch-site": "same-origin" })).toBe(415);
  expect(await requestWith(base, "/query", { cookie: "flow_rag_session=stale", "sec-fetch-site": "same-origin" })).toBe(401);
});

test("the login form, a good key and a wrong one, opens a session or says so", async () => {
  const base = await start();
  const submit = (body: string) =>
    fetch(`${base}/login`, { method: "POST", redirect: "manual", body, headers: { "content-type": "application/x-www-form-urlencoded" } });
  const good = await submit("key=all&next=/docs");
  expect([good.status, good.headers.get("location"), good.headers.get("set-cookie")]).toEqual([
    303,
    "/docs",
    "flow_rag_session=all; Path=/; HttpOnly; SameSite=Strict; Max-Age=60",
  ]);
  const wrong = await submit("key=wrong");
  expect([wrong.status, wrong.headers.get("set-cookie"), (await wrong.text()).includes('role="alert"')]).toEqual([401, null, true]);
});

const foreign = [
  "//evil.example",
  "https://evil.example",
  "/\\evil.example",
  "\\evil.example",
  "/%0d%0ax:y\n",
  "javascript:alert(1)",
  "/\t/evil.example",
  "evil",
];
test.each(foreign)("the login form, %j as the page to go on to, is refused", async (next) => {
  const base = await start();
  const body = new URLSearchParams({ key: "all", next });
  expect((await fetch(`${base}/login`, { method: "POST", redirect: "manual", body })).status).toBe(400);
  expect((await fetch(`${base}/login?${new URLSearchParams({ next }).toString()}`)).status).toBe(400);
});

test("every page, a browser without a session, is sent to the form and comes back to the same address", async () => {
  const base = await start();
  const visit = (path: string, headers: Record<string, string> = {}) =>
    fetch(base + path, { redirect: "manual", headers: { accept: "text/html,*/*;q=0.8", ...headers } });
  for (const route of guarded.filter(({ method }) => method === "get")) {
    const path = `${address(route)}?x=a%2Fb&y=${encodeURIComponent("é:1")}`;
    const asked = await visit(path);
    const form = asked.headers.get("location") ?? "";
    expect([path, asked.status, new URL(form, base).searchParams.get("next")]).toEqual([path, 303, path]);
    const signedIn = await visit(form, { cookie: "flow_rag_session=all" });
    expect([path, signedIn.status, signedIn.headers.get("location")]).toEqual([path, 303, path]);
  }
});

test("a page, a link of another site, is asked for once more so that the session comes along", async () => {
  const base = await start();
  const response = await fetch(`${base}/status`, { headers: { accept: "text/html", "sec-fetch-site": "cross-site" }, redirect: "manual" });
  expect([response.status, await response.text()]).toEqual([401, expect.stringContaining('<meta http-equiv="refresh" content="0">')]);
});

const failing = async (): Promise<never> => {
  throw new AppError("unexpected", "mongodb://internal:27017 is broken");
};
test.each([
  ["a session of a key without the scope", "/status", 403, { cookie: "flow_rag_session=ingest" }],
  ["an unknown page", "/nowhere", 404, {}],
  ["a wrong value", "/anomalies?day=tomorrow", 400, { cookie: "flow_rag_session=all" }],
  ["a fault of ours", "/anomalies?day=2026-05-05", 500, { cookie: "flow_rag_session=all" }],
] as const)("%s, a browser and a client, are answered by a page and by a problem", async (_case, path, status, headers) => {
  const base = await start({ morning: failing });
  const ask = async (accept: string) => {
    const response = await fetch(base + path, { headers: { ...headers, accept, "accept-language": "fr" }, redirect: "manual" });
    return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
  };
  const page = await ask("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
  expect(page).toMatchObject({ status, type: "text/html; charset=utf-8", text: expect.stringContaining('<html lang="fr">') as unknown });
  for (const accept of ["*/*", "application/json", "application/json, text/html;q=0.9", "text/html;q=0"])
    expect(await ask(accept)).toMatchObject({ status, type: expect.stringContaining("application/problem+json") as unknown });
  expect(page.text).not.toContain("internal");
});

test("too many requests, a browser, is told so by a page with the time to come back", async () => {
  const base = await start({}, { perMinute: { ...httpSettings.perMinute, reads: 1 } });
  const ask = () => fetch(`${base}/docs`, { headers: { accept: "text/html" } });
  await ask();
  const refused = await ask();
  expect([refused.status, refused.headers.get("content-type")]).toEqual([429, "text/html; charset=utf-8"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
});

test("the language of a page, what the address, the cookie and the browser say, is taken in this order and kept", async () => {
  const base = await start();
  const ask = async (path: string, headers: Record<string, string>) => {
    const response = await fetch(base + path, { headers: { accept: "text/html", ...headers } });
    return [/<html lang="(\w+)"/.exec(await response.text())?.[1], response.headers.get("set-cookie")?.split(";", 1)[0]];
  };
  expect(await ask("/login?lang=en", { "accept-language": "fr" })).toEqual(["en", "flow_rag_lang=en"]);
  expect(await ask("/login", { "accept-language": "fr", cookie: "flow_rag_lang=en" })).toEqual(["en", undefined]);
  expect(await ask("/login", { "accept-language": "en-GB,en;q=0.9,fr;q=0.5" })).toEqual(["en", undefined]);
  expect(await ask("/login", { "accept-language": "de" })).toEqual(["fr", undefined]);
  expect(await ask("/login?lang=xx", {})).toEqual(["fr", undefined]);
});

test("the bare address, a browser with and without a session and a client, leads to a page of use, to the form and to the document", async () => {
  const base = await start();
  const lead = async (cookie: string) =>
    (await fetch(`${base}/`, { headers: { accept: "text/html", cookie }, redirect: "manual" })).headers.get("location");
  expect(await Promise.all(["flow_rag_session=query", "flow_rag_session=ingest", "flow_rag_session=metrics", ""].map(lead))).toEqual([
    "/status",
    "/reingest",
    "/docs",
    "/login",
  ]);
  expect(await (await fetch(`${base}/`)).json()).toEqual({ name: "flow-rag", version: "test", docs: "/docs", openapi: "/openapi.json" });
});

test("cross-origin requests, a listed origin and another one, are allowed and not", async () => {
  const base = await start({}, { corsOrigins: ["https://ops.example"] });
  const preflight = (origin: string) =>
    fetch(`${base}/query`, { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } });
  expect((await preflight("https://ops.example")).headers.get("access-control-allow-origin")).toBe("https://ops.example");
  expect((await preflight("https://evil.example")).headers.get("access-control-allow-origin")).toBeNull();
});

test("X-Request-Id, a harmless one, a hostile one and none, is kept or made anew", async () => {
  const base = await start();
  const idOf = async (given?: string) =>
    (await fetch(`${base}/nowhere`, { headers: given === undefined ? {} : { "x-request-id": given } })).headers.get("x-request-id");
  expect(await idOf("job-7:a.b")).toBe("job-7:a.b");
  expect(await idOf("<script>")).toMatch(/^[0-9a-f-]{36}$/);
  expect(await idOf()).toMatch(/^[0-9a-f-]{36}$/);
});

test("security headers, any answer, are these", async () => {
  const { headers } = await fetch(`${await start()}/nowhere`);
  const names = [
    "cache-control",
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
    "x-powered-by",
  ];
  expect(Object.fromEntries(names.map((name) => [name, headers.get(name)]))).toEqual({
    "cache-control": "no-store",
    "content-security-policy":
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;font-src 'self';connect-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none';object-src 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-powered-by": null,
  });
});
