import { runStatus, sourceName } from "@flow-rag/contracts";
import { AppError, parse } from "@flow-rag/kernel";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { readIngestion, type Ingestion } from "../../domain/read-ingestion.js";
import { emptyFields, readReingest, ReingestRefusal } from "../../domain/read-reingest.js";
import type { PageView } from "../../pages/page-view.js";
import { ingestionPage, reingestCountPage, reingestFormPage, type Wrong } from "../../pages/reingest-page.js";
import { problem } from "../problem.js";
import { defineRoute, html, type Call, type Caller, type Reply, type Route } from "../route.js";
import { ingestionRequest, startIngestion, waitForEnd, type StartDeps } from "../start-ingestion.js";
import type { ViewSettings } from "../view-of.js";

export type ReingestDeps = StartDeps & ViewSettings;

const countWithinSeconds = 10;
const text = (most: number) => z.string().max(most).default("");
const yes = z
  .literal("true")
  .optional()
  .transform((given) => given !== undefined);
const bodySchema = z.strictObject({
  source: sourceName,
  what: z.enum(["selected", "changes", "everything"]).default("selected"),
  from: text(20),
  from_time: text(20),
  to: text(20),
  to_time: text(20),
  statuses: z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((given) => [given].flat())
    .pipe(z.array(runStatus).max(runStatus.options.length)),
  pipelines: text(20_000),
  techs: text(20_000),
  ids: text(20_000),
  force: yes,
  allow_removals: yes,
  /** `count`: what matches; `run`: do it, once for each ticket; `edit`: back to the form. */
  step: z.enum(["count", "run", "edit"]),
  ticket: z.uuid().optional(),
});
const anyOf = ["ingest", "admin"] as const;

/** Records read again by a person: a form, what it would do, and how far it is. It works without scripts. */
export const reingestRoutes = (deps: ReingestDeps): Route[] => [
  defineRoute({
    method: "get",
    path: "/reingest",
    scope: anyOf,
    tag: "pages",
    summary: "A form to read records of a source again",
    answers: { 200: { description: "The form", contentType: "text/html" } },
    limits: { class: "reads" },
    handle: async ({ caller, page }) => {
      const sources = sourcesFor(deps, caller);
      return html(reingestFormPage(page ?? plainView(deps), { sources, fields: { ...emptyFields, source: sources[0] ?? "" } }));
    },
  }),
  defineRoute({
    method: "post",
    path: "/reingest",
    scope: anyOf,
    tag: "pages",
    summary: "Count what the form selects, or read it again",
    description: "For the form of this page; programs use POST /ingestion.",
    body: bodySchema,
    bodyType: "form",
    answers: {
      200: { description: "What the count found", contentType: "text/html" },
      303: { description: "It is under way: on to its page", contentType: "text/plain" },
      400: {
        description: "The form, with what does not fit",
        schema: problem,
        contentType: "application/problem+json",
        also: ["text/html"],
      },
    },
    limits: { class: "jobs", bodyBytes: 512 * 1_024 },
    handle: (call) => take(deps, call),
  }),
  defineRoute({
    method: "get",
    path: "/reingest/{id}",
    scope: anyOf,
    tag: "pages",
    summary: "How far a re-ingest is, as a page",
    params: z.strictObject({ id: z.string().min(1).max(300) }),
    answers: { 200: { description: "As of now", contentType: "text/html" } },
    limits: { class: "reads" },
    handle: async ({ params: { id }, caller, page }) => {
      const found = await readIngestion(deps.jobs, id);
      const isTheirs = sourcesFor(deps, caller).some((source) => id.startsWith(`${source}~`));
      if (found.state === "gone" || !isTheirs)
        throw new AppError("not_found", "no such request: those that ended are forgotten after an hour");
      return html(ingestionPage(page ?? plainView(deps), found));
    },
  }),
];

type Asked = Call<unknown, unknown, z.output<typeof bodySchema>>;

async function take(deps: ReingestDeps, { body, caller, page, requestId, signal }: Asked): Promise<Reply> {
  const { step, ticket = randomUUID(), ...fields } = body;
  const view = page ?? plainView(deps);
  const sources = sourcesFor(deps, caller);
  if (step === "edit") return html(reingestFormPage(view, { sources, fields }));
  try {
    const asked = readReingest(fields, deps.zone);
    if (step === "count") return html(reingestCountPage(view, { fields, counted: await count(), ticket: randomUUID() }));
    const id = await startIngestion(deps, { request: requestOf(asked, false), caller, requestId, ticket });
    return { kind: "text", status: 303, contentType: "text/plain", body: "", headers: { location: `/reingest/${encodeURIComponent(id)}` } };

    async function count(): Promise<Ingestion | undefined> {
      if (asked.mode === "live") return undefined;
      const counting = await startIngestion(deps, { request: requestOf(asked, true), caller, requestId });
      return await waitForEnd(deps, counting, countWithinSeconds, signal);
    }
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (error.kind !== "invalid_input") throw thrown;
    return html(reingestFormPage(view, { sources, fields, wrong: wordsOf(thrown, error) }), { status: 400 });
  }
}

/** What is said of the form in both languages of the page; what only a store or a schema says is English. */
const wordsOf = (thrown: unknown, { message }: AppError): Wrong => ({
  fr: thrown instanceof ReingestRefusal ? thrown.french : undefined,
  en: message,
});

const requestOf = (asked: ReturnType<typeof readReingest>, dryRun: boolean) =>
  parse(ingestionRequest, { ...asked, dry_run: dryRun, ...(dryRun && { force: false, allow_removals: false }) }, "form");

const sourcesFor = ({ sources }: StartDeps, caller: Caller): string[] =>
  sources.filter((name) => caller.sources === null || caller.sources.includes(name));

/** For clients that name no media type. */
const plainView = ({ zone, now }: ViewSettings): PageView => ({ language: "fr", zone, now: now(), address: "/reingest", viewer: null });
