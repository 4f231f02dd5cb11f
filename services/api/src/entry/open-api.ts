import { OpenApiGeneratorV31, OpenAPIRegistry, type ResponseConfig } from "@asteasolutions/zod-to-openapi";
import type { z } from "zod";
import { problem } from "./problem.js";
import { isPageFor, scopesOf, type Access, type Answer, type Route, type RouteTag } from "./route.js";

/** What any route may answer beside its own answers, as far as it applies to it. */
const refusals: readonly { status: number; description: string; applies: (route: Route) => boolean }[] = [
  { status: 400, description: "The request is not as described; `detail` names the field", applies: () => true },
  { status: 401, description: "No key, or none that is good", applies: ({ scope }) => scope !== "anybody" },
  {
    status: 403,
    description: "The key lacks the scope, or a page of another site sent the request",
    applies: ({ scope, method }) => scope !== "anybody" || method !== "get",
  },
  { status: 404, description: "There is none of this name, or the key may not see it", applies: ({ params }) => params !== undefined },
  { status: 413, description: "The body is too large", applies: ({ body }) => body !== undefined },
  { status: 415, description: "The body is of another type", applies: ({ body }) => body !== undefined },
  { status: 429, description: "Too many requests; `Retry-After` says when to come back", applies: () => true },
  { status: 500, description: "A fault of ours; `request_id` finds it in the logs", applies: () => true },
  { status: 503, description: "A part of the service does not answer", applies: () => true },
];

/** What the tags group, in the order of the page. A route's tag is one of them. */
const tags: Readonly<Record<RouteTag, string>> = {
  questions: "Ask in French or English, search by meaning, conversations",
  openai: "The same for chat clients, as OpenAI's API has it",
  runs: "Runs, errors and anomalies",
  reports: "The morning reports",
  bi: "Figures and rows for dashboards and spreadsheets",
  ingestion: "Bring records in, and follow them",
  operation: "Health, metrics and administration",
  pages: "Pages for a browser",
};

/** `GET /runs/{id}` is `getRunsById`. */
const operationIdOf = ({ method, path }: Pick<Route, "method" | "path">): string => {
  const words = path.split(/[^\w{}]+|_/).filter(Boolean);
  const named = words.map((word) =>
    word.replace(/^\{(\w+)\}$/, "by-$1").replace(/(?:^|-)(\w)/g, (_all, first: string) => first.toUpperCase()),
  );
  return `${method}${named.join("") || "Index"}`;
};

/** The route table as an OpenAPI 3.1 document. */
export function openApiDocument({ routes, version }: { routes: readonly Route[]; version: string }): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent("securitySchemes", "key", { type: "http", scheme: "bearer", bearerFormat: "frag_<id>_<secret>" });
  registry.registerComponent("securitySchemes", "session", { type: "apiKey", in: "cookie", name: "flow_rag_session" });
  for (const route of routes) registry.registerPath(toPath(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: { title: "flow-rag", version, description: "Exact, evidenced answers about data-pipeline runs. Instants are ISO 8601, UTC." },
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
  });
}

function toPath(route: Route): Parameters<OpenAPIRegistry["registerPath"]>[0] {
  const { method, path, scope, tag, summary, description, params, query, body, bodyType = "json", examples } = route;
  const bodyExamples = body && examples && { examples: { fr: examples.fr, en: examples.en } };
  return {
    method,
    path,
    operationId: operationIdOf(route),
    tags: [tag],
    summary,
    description: [description, accessText(scope)].filter(Boolean).join("\n\n"),
    security: scope === "anybody" ? [] : [{ key: [] }, { session: [] }],
    request: {
      ...(params && { params: params as z.ZodObject }),
      ...(query && { query: query as z.ZodObject }),
      ...(body && {
        body: {
          required: true,
          content: {
            [bodyType === "json" ? "application/json" : "application/x-www-form-urlencoded"]: { schema: body, ...bodyExamples },
          },
        },
      }),
    },
    responses: toResponses(route),
  };
}

const accessText = (access: Access): string => {
  const scopes = scopesOf(access).map((scope) => `\`${scope}\``);
  return scopes.length === 0 ? "Open to anybody." : `Scope: ${scopes.join(" or ")}.`;
};

/** Browsers, which ask for HTML, are answered by pages everywhere but under /v1, where programs alone come. */
const isForBrowsers = ({ path }: Route): boolean => !path.startsWith("/v1/");
const page = { "text/html": { schema: { type: "string" as const } } };

function toResponses(route: Route): Record<string, ResponseConfig> {
  const common = refusals
    .filter(({ applies }) => applies(route))
    .map(({ status, description }): [string, ResponseConfig] => [
      String(status),
      { description, content: { "application/problem+json": { schema: problem }, ...(isForBrowsers(route) && page) } },
    ]);
  const login = { 303: toResponse({ description: "A browser without a session is led to /login", contentType: "text/html" }) };
  const own = Object.entries(route.answers).map(([status, answer]): [string, ResponseConfig] => [
    status,
    toResponse(shownToBrowsers(route, answer)),
  ]);
  return { ...(route.method === "get" && route.scope !== "anybody" && login), ...Object.fromEntries([...common, ...own]) };
}

/** JSON that a GET answers is a page for who asks for HTML. */
const shownToBrowsers = (route: Route, answer: Answer): Answer =>
  isPageFor(route) && answer.schema ? { ...answer, also: [...new Set([...(answer.also ?? []), "text/html"])] } : answer;

function toResponse({ description, schema, contentType, also = [] }: Answer): ResponseConfig {
  const text = { schema: { type: "string" as const } };
  return {
    description,
    content: {
      ...(schema ? { [contentType ?? "application/json"]: { schema } } : contentType !== undefined && { [contentType]: text }),
      ...Object.fromEntries(also.map((type) => [type, text])),
    },
  };
}
