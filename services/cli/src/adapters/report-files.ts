import type { RenderedReport } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import type { Drawing, Report } from "@flow-rag/report";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export type RouteFiles = { readonly name: string; readonly rendered: RenderedReport; readonly drawings: readonly Drawing[] };

/**
 * Writes a report into a folder: report.json, and what a route is sent, in a folder of its own when there are several routes. In email.html the
 * pictures are files beside it, so that a browser shows what a mail reader would. Returns the paths.
 * @throws AppError `invalid_input` when the folder cannot be written.
 */
export async function writeReportFiles(dir: string, report: Report, routes: readonly RouteFiles[]): Promise<string[]> {
  const files: [path: string, content: string | Uint8Array][] = [[join(dir, "report.json"), `${JSON.stringify(report, null, 2)}\n`]];
  for (const { name, rendered, drawings } of routes) {
    const own = routes.length === 1 ? dir : join(dir, name);
    const { slack, email, charts } = rendered;
    const page = charts.reduce((html, chart) => html.replaceAll(`"cid:${chart.name}"`, `"${chart.name}"`), email.html);
    files.push(
      [join(own, "slack.json"), `${JSON.stringify(slack, null, 2)}\n`],
      [join(own, "email.html"), page],
      [join(own, "email.txt"), email.text],
      ...drawings.map((drawing): [string, string] => [join(own, drawing.name.replace(/\.png$/, ".svg")), drawing.svg]),
      ...charts.map((chart): [string, Uint8Array] => [join(own, chart.name), chart.png]),
    );
    await makeDir(own);
  }
  await makeDir(dir);
  for (const [path, content] of files) await writeFile(path, content);
  return files.map(([path]) => path);
}

async function makeDir(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
  } catch (cause) {
    throw new AppError("invalid_input", `--out: ${dir} cannot be written`, { cause });
  }
}
