import type { ErrorKind } from "@flow-rag/kernel";
import { markup } from "@flow-rag/kernel";
import { frame } from "./frame.js";
import { recordText, say, type PageView } from "./page-view.js";

type Said = readonly [fr: string, en: string];
/** What happened and what to do, for each kind of error. */
const sentences: Readonly<Record<ErrorKind, Said>> = {
  invalid_input: [
    "Cette adresse ou ce formulaire contient une valeur qui ne va pas.",
    "This address or form holds a value that does not fit.",
  ],
  unauthenticated: ["Il faut une clé pour voir cette page.", "A key is needed to see this page."],
  forbidden: ["Votre clé ne donne pas accès à cette page.", "Your key does not open this page."],
  foreign_request: [
    "Rien n’a été fait : cette demande ne vient pas d’une page de flow-rag ouverte à cette adresse. Votre clé n’est pas en cause. Ouvrez la page ici et recommencez.",
    "Nothing was done: this request does not come from a page of flow-rag open at this address. Your key is not the cause. Open the page here and try again.",
  ],
  not_found: ["Cette page n’existe pas.", "There is no such page."],
  method_not_allowed: ["Cette page ne prend pas ce genre de requête.", "This page takes no request of that kind."],
  conflict: ["Autre chose est déjà en cours.", "Something else is under way already."],
  too_large: ["Ce qui a été envoyé est trop grand.", "What was sent is too large."],
  unsupported_type: ["Ce qui a été envoyé n’est pas dans un format lu ici.", "What was sent is in no format that is read here."],
  rate_limited: ["Trop de requêtes : réessayez dans un instant.", "Too many requests: try again in a moment."],
  budget_spent: ["Le budget du jour est épuisé.", "The budget of the day is spent."],
  upstream_unavailable: [
    "Une partie du service ne répond pas pour l’instant. Réessayez dans un instant.",
    "A part of the service does not answer now. Try again in a moment.",
  ],
  misconfigured: ["Le service est mal réglé. Le journal dit en quoi.", "The service is set up wrongly. Its log says how."],
  unexpected: [
    "Une erreur de notre côté. Le journal la garde sous le numéro ci-dessous.",
    "A fault of ours. The log keeps it under the id below.",
  ],
};

/** `detail` is in English, as clients read it. `back`: where a form came from. */
export type ShownProblem = {
  readonly status: number;
  readonly kind: ErrorKind;
  readonly detail: string | undefined;
  readonly requestId: string;
  readonly back: string | undefined;
};

const signInAgain: readonly ErrorKind[] = ["unauthenticated", "forbidden"];

/** An error as a page: what happened, what to do, and the id that finds it in the log. */
export function problemPage(view: PageView, { status, kind, detail, requestId, back }: ShownProblem): string {
  const [fr, en] = sentences[kind];
  const title = say(view, fr, en);
  const next = encodeURIComponent(back ?? view.address);
  const body = markup`<p class="status">${status}</p>
<h1>${title}</h1>
${detail === undefined ? "" : markup`<p lang="en">${recordText(detail, 1_000)}</p>`}
<ul class="ways">
${back === undefined ? "" : markup`<li><a href="${back}">${say(view, "Retour", "Back")}</a></li>`}
${signInAgain.includes(kind) ? markup`<li><a href="/login?next=${next}&amp;again=1">${say(view, "Se connecter avec une autre clé", "Sign in with another key")}</a></li>` : ""}
<li><a href="/">${say(view, "Accueil", "Home")}</a></li>
</ul>
<p class="quiet">request_id <code>${requestId}</code></p>`;
  return frame(view, { title, body, narrow: true });
}
