import { docsRoutes } from "./docs.js";
import { homeRoutes } from "./home.js";
import { loginRoutes, type LoginDeps } from "./login.js";
import type { Route } from "./route.js";
import { anomalyRoutes, type AnomalyDeps } from "./routes/anomalies.js";
import { askedQuestionRoutes, type AskedQuestionDeps } from "./routes/asked-questions.js";
import { biRoutes, type BiDeps } from "./routes/bi.js";
import { completionRoutes, type CompletionDeps } from "./routes/completions.js";
import { conversationRoutes, type ConversationDeps } from "./routes/conversations.js";
import { ingestionRoutes, type IngestionDeps } from "./routes/ingestion.js";
import { logRoutes, type LogDeps } from "./routes/logs.js";
import { operationRoutes, type OperationDeps } from "./routes/operation.js";
import { questionRoutes, type QuestionDeps } from "./routes/questions.js";
import { reingestRoutes, type ReingestDeps } from "./routes/reingest.js";
import { reportRoutes, type ReportDeps } from "./routes/reports.js";
import { runRoutes, type RunDeps } from "./routes/runs.js";
import { usageRoutes, type UsageDeps } from "./routes/usage.js";

/** What the routes do their work with. */
export type RouteDeps = LoginDeps &
  QuestionDeps &
  CompletionDeps &
  ConversationDeps &
  RunDeps &
  AnomalyDeps &
  ReportDeps &
  BiDeps &
  IngestionDeps &
  LogDeps &
  ReingestDeps &
  OperationDeps &
  UsageDeps &
  AskedQuestionDeps & { readonly version: string };

/** The route table. A group of routes is a file in `routes/`. */
export function createRoutes(deps: RouteDeps): readonly Route[] {
  const routes: Route[] = [
    ...questionRoutes(deps),
    ...conversationRoutes(deps),
    ...completionRoutes(deps),
    ...runRoutes(deps),
    ...anomalyRoutes(deps),
    ...reportRoutes(deps),
    ...biRoutes(deps),
    ...ingestionRoutes(deps),
    ...logRoutes(deps),
    ...usageRoutes(deps),
    ...askedQuestionRoutes(deps),
    ...operationRoutes(deps),
    ...loginRoutes(deps),
    ...reingestRoutes(deps),
    ...homeRoutes(deps),
    ...docsRoutes(() => ({ routes, version: deps.version }), deps),
  ];
  return routes;
}
