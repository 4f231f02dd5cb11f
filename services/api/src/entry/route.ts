import type { Scope } from "@flow-rag/contracts";
import type { Logger } from "@flow-rag/kernel";
import type { z } from "zod";
import type { PageView } from "../pages/page-view.js";

/** Who may call a route: holders of a key with the scope, with any one of several, or anybody. */
export type Access = Scope | readonly Scope[] | "anybody";

/** The scopes of which one is enough; none for anybody. */
export const scopesOf = (access: Access): readonly Scope[] => (access === "anybody" ? [] : typeof access === "string" ? [access] : access);

/** Whoever calls. `sources`: the only ones they may read of; null is all of them. */
export type Caller = {
  readonly keyId: string;
  /** Whose conversations are met. */
  readonly owner: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly sources: readonly string[] | null;
  /** `open`: no key exists yet, or AUTH_DISABLED, and the service listens on loopback. */
  readonly by: "key" | "session" | "open" | "nobody";
};

/** Routes of one class share a caller's allowance. `probes` have none: what they answer is looked up once for all who ask. */
export type LimitClass = "questions" | "reads" | "jobs" | "logins" | "probes";

/** What a handler is given: everything about the request that was checked, and nothing that was not. */
export type Call<P, Q, B> = {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly caller: Caller;
  /** Aborts when the caller leaves, when the route's time is over or when the service stops. */
  readonly signal: AbortSignal;
  readonly requestId: string;
  readonly log: Logger;
  /** The reader, when a person's browser asks for a page; undefined for clients, who want data. */
  readonly page: PageView | undefined;
  /** Whether `Accept` prefers this media type to JSON. */
  readonly accepts: (mediaType: string) => boolean;
  /** The session cookie's value, for signing out. */
  readonly session: string | undefined;
  /** Whether the browser came by HTTPS. */
  readonly secure: boolean;
  /** Adds to what the caller's key used. */
  readonly use: (counters: { questions?: number; promptTokens?: number; completionTokens?: number }) => void;
};

/** One server-sent event; without a name it is a bare `data:` line. Text is sent as it is, anything else as JSON. */
export type ServerEvent = { readonly event?: string; readonly data: unknown };

type Headers = Readonly<Record<string, string>>;
export type Reply =
  | { readonly kind: "json"; readonly status?: number; readonly body: unknown; readonly headers?: Headers }
  | {
      readonly kind: "text";
      readonly status?: number;
      readonly contentType: string;
      readonly body: string | Buffer;
      readonly headers?: Headers;
    }
  | { readonly kind: "stream"; readonly contentType: string; readonly chunks: AsyncIterable<string>; readonly headers?: Headers }
  /** `failure` words an error that comes once the answer has begun. */
  | { readonly kind: "events"; readonly events: AsyncIterable<ServerEvent>; readonly failure: (problem: object) => readonly ServerEvent[] };

/** What a route may answer. A schema describes JSON, a content type alone any other body; `also`: what `Accept` may ask for instead. */
export type Answer = {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly contentType?: string;
  readonly also?: readonly string[];
};

/** A request body or query for the documentation. */
type Example = { readonly summary: string; readonly value: unknown };

/** What a route is about; described in the OpenAPI document. */
export type RouteTag = "questions" | "openai" | "runs" | "reports" | "bi" | "ingestion" | "operation" | "pages";

export type RouteDefinition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  readonly method: "get" | "post" | "put" | "delete";
  /** As OpenAPI writes it: `/reports/{id}`. */
  readonly path: string;
  readonly scope: Access;
  /** For a page that is open to anybody: it shows who has signed in all the same. */
  readonly greets?: true;
  readonly tag: RouteTag;
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** `form` for a page's form; JSON unless said otherwise. */
  readonly bodyType?: "json" | "form";
  readonly answers: Readonly<Record<number, Answer>>;
  /** Why a browser is sent data here as well. Without it, what a GET answers as JSON is a page for a browser. */
  readonly dataOnly?: string;
  readonly limits: {
    readonly class: LimitClass;
    /** Of a request body; 64 kB unless said otherwise. */
    readonly bodyBytes?: number;
    /** 30 s unless said otherwise; a stream has no end of its own. */
    readonly timeoutMs?: number | undefined;
  };
  readonly examples?: { readonly fr: Example; readonly en: Example };
  readonly handle: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Reply>;
};
/** One line of the route table: Express, validation, authorisation, rate limits and the OpenAPI document are made from it. */
export type Route = RouteDefinition<z.ZodType, z.ZodType, z.ZodType>;

/** Whether a browser that opens it is shown a page. */
export const isPageFor = ({ method, dataOnly }: Pick<Route, "method" | "dataOnly">): boolean => method === "get" && dataOnly === undefined;

/** Keeps a definition's own types for its handler and forgets them for the table. */
export const defineRoute = <P extends z.ZodType = z.ZodType, Q extends z.ZodType = z.ZodType, B extends z.ZodType = z.ZodType>(
  definition: RouteDefinition<P, Q, B>,
): Route => definition as unknown as Route;

/** A page for a person's eyes. */
export const html = (body: string, { status = 200, headers = {} }: { status?: number; headers?: Headers } = {}): Reply => ({
  kind: "text",
  status,
  contentType: "text/html; charset=utf-8",
  body,
  headers,
});

export const json = (body: unknown, { status = 200, headers = {} }: { status?: number; headers?: Headers } = {}): Reply => ({
  kind: "json",
  status,
  body,
  headers,
});
