import type { KeyStore } from "@flow-rag/stores";
import type { RequestHandler } from "express";
import { z } from "zod";
import { problem } from "./problem.js";
import { nobody, sessionCookie, stateOf } from "./request-state.js";
import { defineRoute, type Access, type Reply, type Route } from "./route.js";

export type LoginDeps = { readonly keys: Pick<KeyStore, "authenticate" | "openSession" | "closeSession">; readonly now: () => Date };

/** Where to go after signing in: a path of ours, never another site ("//host" is one, and so is "/\\host"). */
const nextPath = z
  .string()
  .max(1_000)
  .regex(/^\/(?:[\w.~%?-][\w./?=&%~:@!$'()*+,;-]*)?$/, "a path of this service is wanted")
  .default("/");

/** Sends a browser that opens a page to the form; whatever else goes on to the 401. */
export const askToSignIn =
  (access: Access): RequestHandler =>
  (req, res, next) => {
    const { caller, page } = stateOf(res);
    if (access === "anybody" || caller !== nobody || !page || req.method !== "GET") return next();
    const wanted = nextPath.safeParse(req.originalUrl); // an address that is none of ours in form leads to the usual page, not to a 400
    res.redirect(303, wanted.success ? `/login?next=${encodeURIComponent(wanted.data)}` : "/login");
  };

/** Browser pages: a key is given once, the browser keeps a session cookie that scripts cannot read and other sites cannot use. */
export const loginRoutes = ({ keys, now }: LoginDeps): Route[] => [
  defineRoute({
    method: "get",
    path: "/login",
    scope: "anybody",
    tag: "pages",
    summary: "Sign in with an API key, for the pages",
    query: z.strictObject({ next: nextPath }),
    answers: { 200: { description: "The form", contentType: "text/html" } },
    limits: { class: "reads" },
    handle: async ({ query: { next } }) => page({ next }),
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
    handle: async ({ body: { key: presented, next }, secure, signal }) => {
      const key = await keys.authenticate(presented, now(), signal);
      if (!key) return page({ next, failed: true });
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
      403: { description: "The request came from another site", schema: problem, contentType: "application/problem+json" },
    },
    limits: { class: "logins" },
    handle: async ({ session, secure }) => {
      if (session !== undefined) await keys.closeSession(session);
      return redirect("/login", cookie("", 0, secure));
    },
  }),
];

const cookie = (value: string, maxAgeSeconds: number, secure: boolean): string =>
  `${sessionCookie}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAgeSeconds}${secure ? "; Secure" : ""}`;
const redirect = (location: string, setCookie: string): Reply => ({
  kind: "text",
  status: 303,
  contentType: "text/plain",
  body: "",
  headers: { location, "set-cookie": setCookie },
});

function page({ next, failed = false }: { next: string; failed?: boolean }): Reply {
  const body = `<!doctype html>
<html lang="fr">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>flow-rag · connexion</title>
<link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/page.css">
<main>
<h1>flow-rag</h1>
${failed ? '<p class="error" role="alert">Clé inconnue ou expirée. <span lang="en">Unknown or expired key.</span></p>' : ""}
<form method="post" action="/login">
<input type="hidden" name="next" value="${escapeHtml(next)}">
<label for="key">Clé d’API <small lang="en">API key</small></label>
<input id="key" name="key" type="password" autocomplete="current-password" required autofocus placeholder="frag_…">
<button>Se connecter</button>
</form>
<p><small><code>flow-rag keys create --name moi --scopes query,admin</code></small></p>
</main>
</html>
`;
  return { kind: "text", status: failed ? 401 : 200, contentType: "text/html; charset=utf-8", body };
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
