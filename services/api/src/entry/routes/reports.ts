import { reportKind, type RenderedReport } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { ReportStore, ReportSummary } from "@flow-rag/stores";
import { z } from "zod";
import { reportListPage, reportPage } from "../../pages/report-pages.js";
import { defineRoute, html, json, type Caller, type Route } from "../route.js";

export type ReportDeps = { readonly reports: Pick<ReportStore, "list" | "read" | "readRoute"> };

const instant = z.iso.datetime();
const summarySchema = z
  .strictObject({
    id: z.string(),
    kind: z.string(),
    date: z.string(),
    zone: z.string(),
    from: instant,
    to: instant,
    writtenAt: instant,
    isLate: z.boolean(),
    routes: z.array(z.string()).meta({ description: "Names of the parts that were sent to different readers" }),
  })
  .meta({ id: "ReportSummary" });
const id = z.string().min(1).max(200);

/** The archive of reports, as they were sent. Whom they were sent to is not told. */
export const reportRoutes = ({ reports }: ReportDeps): Route[] => [
  defineRoute({
    method: "get",
    path: "/reports",
    scope: "query",
    tag: "reports",
    summary: "Written reports, the latest first",
    description: "As JSON, or as a page for a browser.",
    query: z.strictObject({ kind: reportKind.optional(), limit: z.coerce.number().int().min(1).max(200).default(30) }),
    answers: { 200: { description: "The list", schema: z.strictObject({ reports: z.array(summarySchema) }), also: ["text/html"] } },
    limits: { class: "reads" },
    handle: async ({ query: { kind, limit }, caller, page, signal }) => {
      checkSources(caller);
      const listed = (await reports.list(limit, signal, kind ? { kind } : {})).map(toSummary);
      return page ? html(reportListPage(page, listed)) : json({ reports: listed });
    },
  }),
  defineRoute({
    method: "get",
    path: "/reports/{id}.json",
    scope: "query",
    tag: "reports",
    summary: "A report's figures",
    params: z.strictObject({ id }),
    dataOnly: "its name says that it is JSON; the page is /reports/{id}",
    answers: { 200: { description: "As they were computed", schema: summarySchema.extend({ report: z.unknown() }) } },
    limits: { class: "reads" },
    handle: async ({ params, caller, signal }) => {
      checkSources(caller);
      const found = await reports.read(params.id, signal);
      if (!found) throw new AppError("not_found", "no such report: GET /reports lists them");
      return json({ ...toSummary(found), report: found.report ?? null });
    },
  }),
  defineRoute({
    method: "get",
    path: "/reports/{id}",
    scope: "query",
    tag: "reports",
    summary: "A report as a page",
    description:
      "The e-mail as it was sent, with its charts. `route`: one of its parts; the first unless said otherwise. Its figures are at /reports/{id}.json.",
    params: z.strictObject({ id }),
    query: z.strictObject({ route: z.string().min(1).max(200).optional() }),
    answers: { 200: { description: "The page", contentType: "text/html" } },
    limits: { class: "reads" },
    handle: async ({ params, query: { route }, caller, page, signal }) => {
      checkSources(caller);
      const found = route === undefined ? await reports.read(params.id, signal) : undefined;
      const rendered = route === undefined ? found?.parts[0]?.rendered : await reports.readRoute(params.id, route, signal);
      if (!rendered) throw new AppError("not_found", "no such report: GET /reports lists them");
      const mail = mailOf(rendered);
      return page
        ? html(reportPage(page, mail), { headers: { "content-security-policy": framedPolicy } })
        : html(mail, { headers: { "content-security-policy": policy } });
    },
  }),
];

/** A report is about all sources. */
function checkSources({ sources }: Caller): void {
  if (sources) throw new AppError("forbidden", "reports are about all sources, and the key has some");
}

const toSummary = ({ id: reportId, kind, date, zone, from, to, writtenAt, isLate, routes }: ReportSummary) => ({
  id: reportId,
  kind,
  date,
  zone,
  from,
  to,
  writtenAt,
  isLate,
  routes: routes.map(({ name }) => name),
});

/** An e-mail styles its elements one by one; nothing else is allowed, and no script can run. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'; sandbox";
/** With the way around above it. It keeps our origin: a browser sends no session along with links and forms of a page without one. */
const framedPolicy = [
  ...["default-src 'none'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "form-action 'self'"],
  ...["frame-ancestors 'none'", "base-uri 'none'", "sandbox allow-same-origin allow-forms allow-popups"],
].join("; ");

const mailOf = ({ email, charts }: RenderedReport): string =>
  charts.reduce(
    (html, { name, png }) => html.replaceAll(`cid:${name}`, `data:image/png;base64,${Buffer.from(png).toString("base64")}`),
    email.html,
  );
