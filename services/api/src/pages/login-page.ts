import { markup } from "@flow-rag/kernel";
import { frame } from "./frame.js";
import { say, type PageView } from "./page-view.js";

/** Why somebody is asked for a key: `over`, the session has ended; `wrong`, the key is not known. */
export type LoginReason = "asked" | "over" | "wrong";

/** The form to sign in with a key; `next` is where it leads. */
export function loginPage(view: PageView, { next, reason }: { next: string; reason: LoginReason }): string {
  const said = {
    asked: undefined,
    over: say(view, "La session est terminée. Redonnez la clé.", "The session is over. Give the key again."),
    wrong: say(view, "Clé inconnue, révoquée ou expirée.", "This key is unknown, revoked or expired."),
  }[reason];
  const title = say(view, "Connexion", "Sign in");
  const body = markup`<h1>${title}</h1>
${said === undefined ? "" : markup`<p class="note ${reason === "wrong" ? "bad" : "warn"}" role="alert">${said}</p>`}
<form method="post" action="/login" class="stack">
<input type="hidden" name="next" value="${next}">
<label for="key">${say(view, "Clé d’API", "API key")}</label>
<input id="key" name="key" type="password" autocomplete="current-password" maxlength="200" required autofocus placeholder="frag_…" spellcheck="false">
<button class="main">${say(view, "Se connecter", "Sign in")}</button>
</form>
<p class="quiet">${say(view, "Une clé se crée avec", "A key is made with")}<br><code>flow-rag keys create --name ops --scopes query,admin</code></p>`;
  return frame(view, { title, body, narrow: true });
}

/** Asks for its own address once more, as a page of ours would: with the cookies that came not along from another site. */
export const comeAgainPage = (): string => `<!doctype html>
<html lang="fr">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0">
<title>flow-rag</title>
</html>
`;
