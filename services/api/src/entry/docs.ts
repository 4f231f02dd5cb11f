import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { openApiDocument } from "./open-api.js";
import { defineRoute, json, type Route } from "./route.js";

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

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>flow-rag · API</title>
<link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/swagger-ui.css">
<div id="swagger-ui"></div>
<script src="/assets/swagger-ui-bundle.js"></script>
<script src="/assets/docs.js"></script>
</html>
`;

/** The API as a document and as a page; `described` are all routes, these among them. */
export const docsRoutes = (described: () => Parameters<typeof openApiDocument>[0]): Route[] => {
  let document: object | undefined;
  return [
    defineRoute({
      method: "get",
      path: "/openapi.json",
      scope: "anybody",
      tag: "pages",
      summary: "This API as an OpenAPI 3.1 document",
      answers: { 200: { description: "The document", schema: z.looseObject({ openapi: z.string() }) } },
      limits: { class: "reads" },
      handle: async () => json((document ??= openApiDocument(described()))),
    }),
    // Whoever opens the bare address in a browser is shown the same.
    ...["/docs", "/"].map((path) =>
      defineRoute({
        method: "get",
        path,
        scope: "anybody",
        tag: "pages",
        summary: "This API as a page to try it out",
        answers: { 200: { description: "The page", contentType: "text/html" } },
        limits: { class: "reads" },
        handle: async () => ({ kind: "text", contentType: "text/html; charset=utf-8", body: page }),
      }),
    ),
    defineRoute({
      method: "get",
      path: "/assets/{name}",
      scope: "anybody",
      tag: "pages",
      summary: "What the pages need",
      params: z.strictObject({ name: assetName }),
      answers: { 200: { description: "The file", contentType: "text/plain", also: ["text/css", "text/javascript", "image/svg+xml"] } },
      limits: { class: "reads" },
      handle: async ({ params: { name } }) => ({
        kind: "text",
        contentType: assets[name].type,
        body: await readFile(assets[name].path()),
        headers: { "cache-control": "public, max-age=3600" },
      }),
    }),
  ];
};
