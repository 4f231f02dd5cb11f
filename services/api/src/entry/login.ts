import type { KeyStore } from "@flow-rag/stores";
import type { RequestHandler } from "express";
import { z } from "zod";
import { comeAgainPage, loginPage } from "../pages/login-page.js";
import type { PageView } from "../pages/page-view.js";
import { isOwnPath, ownPath } from "./own-path.js";
import { problem } from "./problem.js";
import { nobody, sessionCookie, stateOf } from "./request-state.js";
import { defineRoute, html, type Access, type Reply, type Route } from "./route.js";

export type LoginDeps = {
  readonly keys: Pick<KeyStore, "authenticate" | "openSession" | "closeSession" | "keyOfSession">;
  readonly now: () => Date;
  /** Business time zone. */
  readonly zone: string;
};

const nextPath = ownPath.default("/");

/**
 * Sends a browser that opens a page to the form; whatever else goes on to the 401. Who comes by a link of another site (a chat, a mail in the
 * browser) may have signed in: a strict cookie is not sent along with such a click, so the page is asked for once more, from here.
 */
export const askToSignIn =
  (access: Access): RequestHandler =>
  (req, res, next) => {
    const { caller, page, session } = stateOf(res);
    if (access === "anybody" || caller !== nobody || !page || req.method !== "GET") return next();
    const { originalUrl: wanted } = req;
    if (session === undefined && ["cross-site", "same-site"].includes(req.get("sec-fetch-site") ?? ""))
      return void res.status(401).type("html").send(comeAgainPage());
    res.redirect(303, isOwnPath(wanted) ? `/login?next=${encodeURIComponent(wanted)}` : "/login"); // another form of address is no 400
  };

/** Browser pages: a key is given once, the browser keeps a session cookie that scripts cannot read and other sites cannot use. */
export const loginRoutes = ({ keys, now, zone }: LoginDeps): Route[] => {
  /** For clients that name no media type: the form is a page all the same. */
  const plainView = (): PageView => ({ language: "fr", zone, now: now(), address: "/login", viewer: null });
  return [
    defineRoute({
      method: "get",
      path: "/login",
      scope: "anybody",
      greets: true,
      tag: "pages",
      summary: "Sign in with an API key, for the pages",
      description: "Who has signed in already goes on to `next`; `again` asks for a key all the same.",
      query: z.strictObject({ next: nextPath, again: z.literal("1").optional() }),
      answers: {
        200: { description: "The form", contentType: "text/html" },
        303: { description: "Signed in already: on to the page", contentType: "text/plain" },
      },
      limits: { class: "reads" },
      handle: async ({ query: { next, again }, page, session, signal }) => {
        const key = session === undefined ? undefined : await keys.keyOfSession(session, now(), signal);
        if (key && again === undefined) return redirect(next);
        const reason = session !== undefined && !key ? "over" : "asked";
        return html(loginPage(page ?? plainView(), { next, reason }));
      },
    }),
    defineRoute({
      method: "post",
      path: "/login",
      scope: "anybody",
      tag: "pages",
      summary: "Open a session",
      body: z.strictObject({ key: z.string().trim().min(1).max(200), next: nextPath }),
      bodyType: "form",
      answers: {
        303: { description: "Signed in: on to the page", contentType: "text/plain" },
        401: { description: "The key is not known, or no longer good", contentType: "text/html" },
      },
      limits: { class: "logins", bodyBytes: 4_096 },
      handle: async ({ body: { key: presented, next }, page, secure, signal }) => {
        const key = await keys.authenticate(presented, now(), signal);
        if (!key) return html(loginPage(page ?? plainView(), { next, reason: "wrong" }), { status: 401 });
        const { token, maxAgeMs } = await keys.openSession(key.id, now());
        return redirect(next, cookie(token, Math.floor(maxAgeMs / 1_000), secure));
      },
    }),
    defineRoute({
      method: "post",
      path: "/logout",
      scope: "anybody",
      tag: "pages",
      summary: "End the session",
      answers: {
        303: { description: "Signed out", contentType: "text/plain" },
        403: {
          description: "The request came from another site",
          schema: problem,
          contentType: "application/problem+json",
          also: ["text/html"],
        },
      },
      limits: { class: "logins" },
      handle: async ({ session, secure }) => {
        if (session !== undefined) await keys.closeSession(session);
        return redirect("/login", cookie("", 0, secure));
      },
    }),
  ];
};

const cookie = (value: string, maxAgeSeconds: number, secure: boolean): string =>
  `${sessionCookie}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure ? "; Secure" : ""}`;
const redirect = (location: string, setCookie?: string): Reply => ({
  kind: "text",
  status: 303,
  contentType: "text/plain",
  body: "",
  headers: { location, ...(setCookie !== undefined && { "set-cookie": setCookie }) },
});
