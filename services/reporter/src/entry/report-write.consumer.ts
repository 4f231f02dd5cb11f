import type { reportWrite } from "@flow-rag/contracts";
import type { HandlerOf } from "@flow-rag/queue";
import { writeReport, type WriteReportDeps } from "../domain/write-report.js";

export const handleReportWrite =
  (deps: WriteReportDeps): HandlerOf<typeof reportWrite> =>
  async ({ dueAt, ...due }, { signal, log }) => {
    const result = await writeReport(deps, { ...due, dueAt: new Date(dueAt) }, signal);
    const { slack, email } = deps.settings;
    if (result.state === "too_late") log.error({ ...result }, "report not written in time: the next one covers its window");
    else if (result.state === "written" && result.deliveries === 0 && slack === null && !email)
      log.info({ ...result }, "report archived; nothing is sent: neither Slack nor e-mail is set up");
    else log.info({ ...result }, "report");
    return result;
  };
