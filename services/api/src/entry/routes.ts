import { docsRoutes } from "./docs.js";
import { loginRoutes, type LoginDeps } from "./login.js";
import type { Route } from "./route.js";
import { healthRoutes, type HealthChecks } from "./routes/health.js";
import { questionRoutes, type QuestionDeps } from "./routes/questions.js";

/** What the routes do their work with. */
export type RouteDeps = LoginDeps & QuestionDeps & { readonly checks: HealthChecks; readonly version: string };

/** The route table. A group of routes is a file in `routes/`. */
export function createRoutes(deps: RouteDeps): readonly Route[] {
  const routes: Route[] = [
    ...questionRoutes(deps),
    ...healthRoutes(deps.checks),
    ...loginRoutes(deps),
    ...docsRoutes(() => ({ routes, version: deps.version })),
  ];
  return routes;
}
