import type { reportDeliver } from "@flow-rag/contracts";
import type { HandlerOf } from "@flow-rag/queue";
import { deliverReport, type DeliverReportDeps } from "../domain/deliver-report.js";

export const handleReportDeliver =
  (deps: DeliverReportDeps): HandlerOf<typeof reportDeliver> =>
  async ({ delivery }, { signal, log }) => {
    const state = await deliverReport(deps, delivery, signal);
    if (state === "sent") log.info({ delivery, state }, "delivery ended");
    else log.error({ delivery, state }, "delivery ended: see flow-rag report deliveries");
    return { state };
  };
