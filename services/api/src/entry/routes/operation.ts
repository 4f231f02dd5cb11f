import type { Health, Readiness } from "@flow-rag/kernel";
import type { SelftestResult } from "@flow-rag/rag";
import { z } from "zod";
import { statusPage } from "../../pages/status-page.js";
import { defineRoute, html, json, type Route } from "../route.js";
import { checks, part, statusSchema, type FleetStatus } from "../status-schema.js";

const healthSchema = z.strictObject({ status: z.enum(["ok", "degraded", "wedged"]), parts: z.record(z.string(), part) });
const readySchema = z.strictObject({ ready: z.boolean(), checks, reason: z.string().optional() });

const selftestSchema = z
  .strictObject({
    status: z.enum(["ok", "warn", "fail"]),
    at: z.iso.datetime(),
    checks: z.array(
      z.strictObject({
        name: z.string(),
        status: z.enum(["ok", "warn", "fail", "skipped"]),
        message: z.string(),
        hint: z.string().optional(),
        ms: z.int(),
      }),
    ),
  })
  .meta({ id: "Selftest" });

export interface Operation {
  health(): Promise<Health>;
  readiness(): Promise<Readiness>;
  status(sources: readonly string[], signal: AbortSignal): Promise<FleetStatus>;
  scrape(): Promise<{ contentType: string; text: string }>;
  selftest(signal: AbortSignal): Promise<SelftestResult>;
}
export type OperationDeps = { readonly operation: Operation; readonly sources: readonly string[] };

const selftestMs = 300_000;

/** What operators and their machines ask. */
export const operationRoutes = ({ operation, sources }: OperationDeps): Route[] => [
  defineRoute({
    method: "get",
    path: "/health",
    scope: "anybody",
    tag: "operation",
    summary: "Whether the service lives and what waits is taken",
    description:
      "503 when jobs wait and nobody takes them. `of=process` leaves the queues out and asks nobody: for a probe that restarts this process, which would not help them.",
    query: z.strictObject({ of: z.enum(["fleet", "process"]).default("fleet") }),
    dataOnly: "a probe reads it, whatever it says that it accepts",
    answers: {
      200: { description: "It works; `degraded` names what waits for something outside", schema: healthSchema },
      503: { description: "`parts` names what is stuck", schema: healthSchema },
    },
    limits: { class: "probes" },
    handle: async ({ query: { of } }) => {
      if (of === "process") return json({ status: "ok", parts: {} });
      const health = await operation.health();
      return json(health, { status: health.status === "wedged" ? 503 : 200 });
    },
  }),
  defineRoute({
    method: "get",
    path: "/ready",
    scope: "anybody",
    tag: "operation",
    summary: "Whether Redis takes writes and MongoDB and Chroma answer, within a second",
    description: "For load balancers: 503 also from the moment on that this process is told to stop, while it still answers.",
    dataOnly: "a load balancer reads it, whatever it says that it accepts",
    answers: {
      200: { description: "All of them", schema: readySchema },
      503: { description: "One does not, or the service is stopping; `reason` says why", schema: readySchema },
    },
    limits: { class: "probes" },
    handle: async () => {
      const found = await operation.readiness();
      return json(found, { status: found.ready ? 200 : 503 });
    },
  }),
  defineRoute({
    method: "get",
    path: "/status",
    scope: "query",
    tag: "operation",
    summary: "How the whole fleet is: data, queues, reports, versions",
    description: "As JSON, or as a page for a browser.",
    answers: { 200: { description: "As of now; null where it could not be looked up", schema: statusSchema, also: ["text/html"] } },
    limits: { class: "reads" },
    handle: async ({ caller, signal, page }) => {
      const allowed = sources.filter((source) => !caller.sources || caller.sources.includes(source));
      const status = await operation.status(allowed, signal);
      return page ? html(statusPage(page, status)) : json(status);
    },
  }),
  defineRoute({
    method: "get",
    path: "/metrics",
    scope: "metrics",
    tag: "operation",
    summary: "Figures for Prometheus",
    dataOnly: "Prometheus reads it",
    answers: { 200: { description: "In its text format", contentType: "text/plain" } },
    limits: { class: "reads" },
    handle: async () => {
      const { contentType, text } = await operation.scrape();
      return { kind: "text", contentType, body: text };
    },
  }),
  defineRoute({
    method: "post",
    path: "/admin/selftest",
    scope: "admin",
    tag: "operation",
    summary: "Try everything flow-rag needs, as flow-rag doctor does",
    description: "Safe in production: what it writes has names of its own and is taken away again.",
    answers: { 200: { description: "What was found, with a hint for whatever is wrong", schema: selftestSchema } },
    limits: { class: "jobs", timeoutMs: selftestMs },
    handle: async ({ signal }) => json(await operation.selftest(signal)),
  }),
];
