import type { Request, RequestHandler, Response } from "express";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Language } from "@flow-rag/contracts";
import type { Caller } from "./route.js";

export const sessionCookie = "flow_rag_session";
const languageCookie = "flow_rag_lang";
const language = z.enum(["fr", "en"]);

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
  /** Of pages. */
  readonly language: Language;
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
  const page = wantsPage(req);
  const state: RequestState = {
    requestId,
    caller: nobody,
    refusal: undefined,
    session: readCookie(req, sessionCookie),
    page,
    language: languageOf(req),
    route: undefined,
  };
  (res.locals as { state: RequestState }).state = state;
  res.set("x-request-id", requestId).vary("Accept");
  if (page && language.safeParse(req.query["lang"]).success)
    res.append("set-cookie", `${languageCookie}=${state.language}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000`);
  next();
};

/** A browser that opens a page names HTML first; a client that takes anything, or says nothing, wants data. */
const wantsPage = (req: Request): boolean => req.accepts(["application/json", "text/html"]) === "text/html";

/** What the address asks for, else what was asked for before, else what the browser prefers; French for browsers that prefer neither. */
function languageOf(req: Request): Language {
  for (const said of [req.query["lang"], readCookie(req, languageCookie)]) {
    const asked = language.safeParse(said);
    if (asked.success) return asked.data;
  }
  return req.acceptsLanguages(["fr", "en"]) === "en" ? "en" : "fr";
}

function readCookie(req: Request, wanted: string): string | undefined {
  for (const part of (req.get("cookie") ?? "").split(";")) {
    const [name, value] = part.split("=", 2);
    if (name?.trim() === wanted) return value?.trim();
  }
  return undefined;
}
