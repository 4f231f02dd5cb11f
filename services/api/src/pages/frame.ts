import type { Language, Scope } from "@flow-rag/contracts";
import { Html, markup } from "@flow-rag/kernel";
import { recordText, say, type PageView, type Viewer } from "./page-view.js";

type Place = {
  readonly href: string;
  readonly fr: string;
  readonly en: string;
  readonly scopes: readonly Scope[];
  readonly wholeOnly?: true;
  /** What is behind the pages, and not a place that a day begins with. */
  readonly isData?: true;
};

/** Where a person can go. A page is a line here. `wholeOnly`: not for keys that are limited to some sources. */
const places: readonly Place[] = [
  { href: "/status", fr: "État", en: "Status", scopes: ["query"] },
  { href: "/reports", fr: "Rapports", en: "Reports", scopes: ["query"], wholeOnly: true },
  { href: "/anomalies", fr: "Anomalies", en: "Anomalies", scopes: ["query"] },
  { href: "/admin/queues/", fr: "Files", en: "Queues", scopes: ["admin"], wholeOnly: true },
  { href: "/reingest", fr: "Relire", en: "Re-ingest", scopes: ["ingest", "admin"] },
  { href: "/docs", fr: "API", en: "API", scopes: [] },
  { href: "/runs", fr: "Exécutions", en: "Runs", scopes: ["query"], isData: true },
  { href: "/signatures", fr: "Erreurs", en: "Errors", scopes: ["query"], isData: true },
  { href: "/conversations", fr: "Conversations", en: "Conversations", scopes: ["query"], isData: true },
  { href: "/usage", fr: "Usage", en: "Usage", scopes: ["query"], isData: true },
  { href: "/bi/databases", fr: "Tableaux de bord", en: "Dashboards", scopes: ["query"], isData: true },
  { href: "/ingestion", fr: "Ingestion", en: "Ingestion", scopes: ["ingest"], isData: true },
  { href: "/questions", fr: "Questions posées", en: "Questions asked", scopes: ["admin"], isData: true },
];

/** The places that are of use to somebody: what they may open. */
export const placesFor = (viewer: Viewer | null): readonly Place[] =>
  places.filter(
    ({ scopes, wholeOnly }) =>
      scopes.length === 0 || (viewer !== null && scopes.some((scope) => viewer.scopes.includes(scope)) && !(wholeOnly && viewer.sources)),
  );

export type Page = {
  readonly title: string;
  readonly body: Html;
  /** The page is loaded again after so many seconds. */
  readonly refreshSeconds?: number;
  readonly narrow?: boolean;
  /** What the head needs beside the usual. */
  readonly head?: Html;
};

/** A whole page: head, navigation, body. No script is needed on it and none of its own runs. */
export function frame(view: PageView, { title, body, refreshSeconds, narrow = false, head }: Page): string {
  return markup`<!doctype html>
<html lang="${view.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refreshSeconds === undefined ? "" : markup`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${title} · flow-rag</title>
${styles}
${head ?? ""}
</head>
<body>
${header(view)}
<main class="${narrow ? "narrow" : "wide"}" id="main">
${body}
</main>
${footer(view)}
</body>
</html>
`.text;
}

/** For pages of another make, which bring their own head. */
export const styles = markup`<link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/page.css">`;

/** The way around, the same on every page. */
export function header(view: PageView): Html {
  const { address, language, viewer } = view;
  const links = linksTo(
    view,
    placesFor(viewer).filter(({ isData }) => !isData),
  );
  const person = viewer === null ? markup`<a href="/login">${say(view, "Se connecter", "Sign in")}</a>` : personOf(view, viewer);
  return markup`<header class="top" lang="${language}">
<a class="brand" href="/">flow-rag</a>
<nav aria-label="${say(view, "Pages", "Pages")}"><ul>${links}</ul></nav>
<div class="person">${languages.map((one) => languageLink(address, one, language))}${person}</div>
</header>`;
}

/** The data that the pages are made of, as pages. */
function footer(view: PageView): Html {
  const links = linksTo(
    view,
    placesFor(view.viewer).filter(({ isData }) => isData),
  );
  return links.length === 0
    ? new Html("")
    : markup`<footer class="wide"><nav aria-label="${say(view, "Données", "Data")}"><ul>${links}</ul></nav></footer>`;
}

function linksTo(view: PageView, some: readonly Place[]): Html[] {
  const here = view.address.split("?", 1)[0] ?? "";
  return some.map(({ href, fr, en }) => {
    const current = here === href || here.startsWith(`${href.replace(/\/$/, "")}/`);
    return markup`<li><a href="${href}"${current ? new Html(' aria-current="page"') : ""}>${say(view, fr, en)}</a></li>`;
  });
}

function personOf(view: PageView, { name, by }: Viewer): Html {
  if (by === "open")
    return markup`<span class="quiet">${say(view, "sans clé, cette machine seulement", "no key, this machine only")}</span>`;
  const key = markup`<span class="quiet" title="${say(view, "La clé de cette session", "The key of this session")}">${recordText(name, 80)}</span>`;
  return by === "key"
    ? key
    : markup`${key}
<form method="post" action="/logout"><button class="link">${say(view, "Se déconnecter", "Sign out")}</button></form>`;
}

const languages: readonly Language[] = ["fr", "en"];
const names: Readonly<Record<Language, string>> = { fr: "Français", en: "English" };
function languageLink(address: string, one: Language, current: Language): Html {
  if (one === current) return new Html("");
  const [path = "/", query = ""] = address.split("?", 2);
  const asked = new URLSearchParams(query);
  asked.set("lang", one);
  return markup`<a href="${path}?${asked.toString()}" lang="${one}" hreflang="${one}" title="${names[one]}">${one.toUpperCase()}</a>`;
}
