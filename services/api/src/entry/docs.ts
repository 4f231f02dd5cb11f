import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { openApiDocument } from "./open-api.js";
import { docsPage } from "../pages/docs-page.js";
import type { PageView } from "../pages/page-view.js";
import { defineRoute, html, json, type Reply, type Route } from "./route.js";
import type { ViewSettings } from "./view-of.js";

const own = (name: string): string => fileURLToPath(new URL(`../../assets/${name}`, import.meta.url));
const swagger = (name: string): string => createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`);
/** All the pages need, served by ourselves: nothing is fetched from another host. */
const assets = {
  "page.css": { path: () => own("page.css"), type: "text/css; charset=utf-8" },
  "favicon.svg": { path: () => own("favicon.svg"), type: "image/svg+xml" },
  "docs.js": { path: () => own("docs.js"), type: "text/javascript; charset=utf-8" },
  "swagger-ui.css": { path: () => swagger("swagger-ui.css"), type: "text/css; charset=utf-8" },
  "swagger-ui-bundle.js": { path: () => swagger("swagger-ui-bundle.js"), type: "text/javascript; charset=utf-8" },
} as const;
const assetName = z.enum(Object.keys(assets) as [keyof typeof assets]);

async function sendAsset(name: keyof typeof assets): Promise<Reply> {
  const { type, path } = assets[name];
  return { kind: "text", contentType: type, body: await readFile(path()), headers: { "cache-control": "public, max-age=3600" } };
}

/** The API as a document and as a page; `described` are all routes, these among them. */
export const docsRoutes = (described: () => Parameters<typeof openApiDocument>[0], { zone, now }: ViewSettings): Route[] => {
  let document: object | undefined;
  const plainView = (): PageView => ({ language: "en", zone, now: now(), address: "/docs", viewer: null });
  return [
    defineRoute({
      method: "get",
      path: "/openapi.json",
      scope: "anybody",
      tag: "pages",
      summary: "This API as an OpenAPI 3.1 document",
      dataOnly: "its name says that it is JSON; the page is /docs",
      answers: { 200: { description: "The document", schema: z.looseObject({ openapi: z.string() }) } },
      limits: { class: "reads" },
      handle: async () => json((document ??= openApiDocument(described()))),
    }),
    defineRoute({
      method: "get",
      path: "/docs",
      scope: "anybody",
      greets: true,
      tag: "pages",
      summary: "This API as a page to try it out",
      answers: { 200: { description: "The page", contentType: "text/html" } },
      limits: { class: "reads" },
      handle: async ({ page }) => html(docsPage(page ?? plainView())),
    }),
    defineRoute({
      method: "get",
      path: "/assets/{name}",
      scope: "anybody",
      tag: "pages",
      summary: "What the pages need",
      params: z.strictObject({ name: assetName }),
      dataOnly: "a part of pages",
      answers: { 200: { description: "The file", contentType: "text/plain", also: ["text/css", "text/javascript", "image/svg+xml"] } },
      limits: { class: "reads" },
      handle: async ({ params: { name } }) => await sendAsset(name),
    }),
    defineRoute({
      method: "get",
      path: "/favicon.ico",
      scope: "anybody",
      tag: "pages",
      summary: "The sign of the service, where a browser looks for it beside what is no page",
      dataOnly: "a part of pages",
      answers: { 200: { description: "The file", contentType: "image/svg+xml" } },
      limits: { class: "reads" },
      handle: async () => await sendAsset("favicon.svg"),
    }),
  ];
};
