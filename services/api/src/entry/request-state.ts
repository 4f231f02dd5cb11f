import type { Request, RequestHandler, Response } from "express";
import { randomUUID } from "node:crypto";
import type { Caller } from "./route.js";

export const sessionCookie = "flow_rag_session";

/** What is known of a request under way, from its first middleware on. */
export type RequestState = {
  readonly requestId: string;
  caller: Caller;
  /** Why there is no caller, for the 401. */
  refusal: string | undefined;
  /** The session cookie's value, whatever it is worth. */
  session: string | undefined;
  /** Whether the answer is for a person's eyes. */
  readonly page: boolean;
  /** The path as the table has it, for logs and metrics. */
  route: string | undefined;
};

export const nobody: Caller = { keyId: "nobody", owner: "nobody", name: "nobody", scopes: [], sources: null, by: "nobody" };
const acceptable = /^[\w.:-]{1,64}$/;

export const stateOf = (res: Response): RequestState => (res.locals as { state: RequestState }).state;

/** Gives each request an id, its caller's own if that is harmless, and says it back. */
export const identifyRequest: RequestHandler = (req, res, next) => {
  const given = req.get("x-request-id");
  const requestId = given !== undefined && acceptable.test(given) ? given : randomUUID();
  const state: RequestState = {
    requestId,
    caller: nobody,
    refusal: undefined,
    session: readCookie(req.get("cookie")),
    page: wantsPage(req),
    route: undefined,
  };
  (res.locals as { state: RequestState }).state = state;
  res.set("x-request-id", requestId).vary("Accept");
  next();
};

/** A browser that opens a page names HTML first; a client that takes anything, or says nothing, wants data. */
const wantsPage = (req: Request): boolean => req.accepts(["application/json", "text/html"]) === "text/html";

function readCookie(header = ""): string | undefined {
  for (const part of header.split(";")) {
    const [name, value] = part.split("=", 2);
    if (name?.trim() === sessionCookie) return value?.trim();
  }
  return undefined;
}
