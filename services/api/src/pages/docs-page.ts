import { markup } from "@flow-rag/kernel";
import { frame } from "./frame.js";
import type { PageView } from "./page-view.js";

/** The API to be tried out. Swagger UI draws it, from our own host; it is in English. */
export const docsPage = (view: PageView): string =>
  frame(view, {
    title: "API",
    head: markup`<link rel="stylesheet" href="/assets/swagger-ui.css">
<script src="/assets/swagger-ui-bundle.js" defer></script>
<script src="/assets/docs.js" defer></script>`,
    body: markup`<div id="swagger-ui" lang="en"></div>
<noscript>${view.language === "fr" ? "Cette page veut JavaScript." : "This page wants JavaScript."} <a href="/openapi.json">openapi.json</a></noscript>`,
  });
