import { recordsEmbed } from "@flow-rag/contracts";
import { AppError, type Logger } from "@flow-rag/kernel";
import type { Producer } from "@flow-rag/queue";
import { readRoutes, readSettings, writeContent, type ReportDeps, type WriteProse } from "@flow-rag/report";
import type { DeadLetterStore, ReportStore } from "@flow-rag/stores";
import type { Config } from "../config.js";
import type { WriteContent } from "../domain/write-report.js";

type Options = {
  readonly config: Pick<Config, "report" | "sources" | "slack" | "mail">;
  readonly stores: Pick<ReportDeps, "runs" | "facts" | "signatures"> & {
    readonly deadLetters: Pick<DeadLetterStore, "count">;
    readonly reports: Pick<ReportStore, "told">;
  };
  /** Words the summary; a template does without it. */
  readonly prose: WriteProse | undefined;
  readonly jobs: Pick<Producer, "depth">;
  readonly log: Logger;
};

/**
 * Computes and renders reports from the runs. The settings are read for each report, so that a change of routes needs no restart.
 * @throws AppError `invalid_input`, on creation too, when the settings cannot be read.
 */
export async function createReportContent({ config, stores, prose, jobs, log }: Options): Promise<WriteContent> {
  const { language, settingsFile, dashboardUrl } = config.report;
  const hasDefaultChannels = config.slack.channels.length > 0 || config.slack.webhookUrl !== undefined || config.mail.to.length > 0;
  const dashboard = language === "fr" ? "Tableau de bord" : "Dashboard";
  await readSettings(settingsFile, config.report); // a mistake is said at start-up, not at half past seven
  const { deadLetters, reports, ...runs } = stores;
  const coverage: ReportDeps["coverage"] = async (signal) => {
    const counts = await Promise.all(config.sources.map((source) => deadLetters.count(source, signal)));
    const pending = await jobs.depth(recordsEmbed).then(
      ({ unfinished }) => unfinished,
      () => null,
    );
    return { pending, setAside: counts.reduce((sum, count) => sum + count, 0) };
  };
  return async ({ kind, from, to, date, zone, isLate, dueAt }, signal) => {
    const settings = await readSettings(settingsFile, config.report).catch((error: unknown) => {
      throw new AppError("upstream_unavailable", AppError.from(error).message, { cause: error }); // it may be mended before the catch-up ends
    });
    const routes = readRoutes(settings, { hasDefaultChannels });
    const readAt = new Date();
    return await writeContent(
      { ...runs, coverage, prose },
      {
        kind,
        window: { from, to },
        date,
        zone,
        language,
        isLate,
        ...(isLate && { dueAt }),
        told: await reports.told(kind, from, signal),
        readAt,
        settings,
        routes,
        links: dashboardUrl === undefined ? [] : [{ label: dashboard, url: dashboardUrl }],
        onProblem: (problem, error) => log.warn({ problem, err: error }, "the report has no pictures"),
      },
      signal,
    );
  };
}
