import { AppError, type Logger } from "@flow-rag/kernel";
import { readRoutes, readSettings, writeContent, type ReportDeps, type WriteProse } from "@flow-rag/report";
import { createDoubtLook, type DoubtDeps } from "@flow-rag/rag";
import type { ReportStore, RunFacts } from "@flow-rag/stores";
import type { Config } from "../config.js";
import type { WriteContent } from "../domain/write-report.js";

type Options = {
  readonly config: Pick<Config, "report" | "sources" | "slack" | "mail">;
  readonly stores: Pick<ReportDeps, "runs" | "signatures"> &
    Pick<DoubtDeps, "deadLetters" | "health"> & {
      readonly facts: RunFacts;
      readonly reports: Pick<ReportStore, "told">;
    };
  /** Words the summary; a template does without it. */
  readonly prose: WriteProse | undefined;
  readonly pending: DoubtDeps["pending"];
  readonly log: Logger;
};

/**
 * Computes and renders reports from the runs. The settings are read for each report, so that a change of routes needs no restart.
 * @throws AppError `invalid_input`, on creation too, when the settings cannot be read.
 */
export async function createReportContent({ config, stores, prose, pending, log }: Options): Promise<WriteContent> {
  const { language, settingsFile, dashboardUrl } = config.report;
  const hasDefaultChannels = config.slack.channels.length > 0 || config.slack.webhookUrl !== undefined || config.mail.to.length > 0;
  const dashboard = language === "fr" ? "Tableau de bord" : "Dashboard";
  await readSettings(settingsFile, config.report); // a mistake is said at start-up, not at half past seven
  const { deadLetters, health, reports, ...runs } = stores;
  const lookForDoubts = createDoubtLook({ deadLetters, health, pending, log }, { sources: config.sources, runs: runs.facts });
  return async ({ kind, from, to, date, zone, isLate, dueAt }, signal) => {
    const settings = await readSettings(settingsFile, config.report).catch((error: unknown) => {
      throw new AppError("upstream_unavailable", AppError.from(error).message, { cause: error }); // it may be mended before the catch-up ends
    });
    const routes = readRoutes(settings, { hasDefaultChannels });
    const readAt = new Date();
    return await writeContent(
      { ...runs, lookForDoubts, prose },
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
