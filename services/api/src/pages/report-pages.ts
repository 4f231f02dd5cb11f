import { reportKind, type ReportKind } from "@flow-rag/contracts";
import { markup, type Html } from "@flow-rag/kernel";
import { frame, header, styles } from "./frame.js";
import { badge, instantOf, recordText, say, type PageView } from "./page-view.js";
import { table } from "./table.js";

/** A line of the archive. */
export type ListedReport = {
  readonly id: string;
  readonly kind: string;
  readonly date: string;
  readonly from: Date;
  readonly to: Date;
  readonly writtenAt: Date;
  readonly isLate: boolean;
  readonly routes: readonly string[];
};

const kinds: Readonly<Record<ReportKind, readonly [fr: string, en: string]>> = {
  daily: ["du matin", "morning"],
  weekly: ["de la semaine", "weekly"],
};
const kindOf = (view: PageView, kind: string): string => {
  const known = reportKind.safeParse(kind);
  return known.success ? say(view, ...kinds[known.data]) : kind;
};

/** The archive of reports, the latest first. */
export function reportListPage(view: PageView, reports: readonly ListedReport[]): string {
  const title = say(view, "Rapports", "Reports");
  const body = markup`<h1>${title}</h1>
${table({
  columns: [
    { name: say(view, "Rapport", "Report") },
    { name: say(view, "Sorte", "Kind") },
    { name: say(view, "De", "From") },
    { name: say(view, "À", "To") },
    { name: say(view, "Écrit", "Written") },
    { name: say(view, "Parties", "Parts") },
  ],
  rows: reports.map((report) => [
    linkTo(report.id, report.date),
    kindOf(view, report.kind),
    instantOf(view, report.from),
    instantOf(view, report.to),
    report.isLate
      ? markup`${instantOf(view, report.writtenAt)} ${badge("warn", say(view, "en retard", "late"))}`
      : instantOf(view, report.writtenAt),
    markup`${report.routes.map((route) => markup`${linkTo(report.id, route, route)} `)}`,
  ]),
  none: say(
    view,
    "Aucun rapport n’est encore écrit : le premier vient à l’heure de REPORT_CRON, ou par « flow-rag report ».",
    "No report is written yet: the first comes at the time of REPORT_CRON, or by “flow-rag report”.",
  ),
})}`;
  return frame(view, { title, body });
}

const linkTo = (id: string, text: string, route?: string): Html =>
  markup`<a href="/reports/${encodeURIComponent(id)}${route === undefined ? "" : `?route=${encodeURIComponent(route)}`}">${recordText(text, 80)}</a>`;

/** A report's e-mail as it was sent, with the way around above it. The mail brings its own styles and no script. */
export function reportPage(view: PageView, mail: string): string {
  const [own, way] = [styles.text, header(view).text];
  if (!/<\/head>[^]*<body/.test(mail)) return `<!doctype html>\n${own}\n${way}\n${mail}`;
  return mail.replace("</head>", () => `${own}\n</head>`).replace(/<body[^>]*>/, (body) => `${body}\n${way}`);
}
