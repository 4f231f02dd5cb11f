import { markup, type Html } from "@flow-rag/kernel";
import { wordDoubts } from "@flow-rag/rag";
import type { FleetStatus } from "../entry/status-schema.js";
import { frame } from "./frame.js";
import { badge, dash, durationOf, instantOf, numberOf, recordText, say, type PageView, type Tone } from "./page-view.js";
import { facts, table, type Cell } from "./table.js";

const refreshSeconds = 15;
type Words = readonly [tone: Tone, fr: string, en: string];

const whole: Readonly<Record<FleetStatus["status"], Words>> = {
  ok: ["good", "Tout fonctionne", "All is well"],
  degraded: ["warn", "Une partie ne répond pas ou attend", "A part does not answer, or waits"],
  wedged: ["bad", "Bloqué : des travaux attendent et personne ne les prend", "Stuck: jobs wait and nobody takes them"],
};
const states: Readonly<Record<string, Words>> = {
  ok: ["good", "fonctionne", "works"],
  waiting: ["warn", "attend", "waits"],
  stuck: ["bad", "bloquée", "stuck"],
  paused: ["warn", "en pause", "paused"],
  down: ["bad", "ne répond pas", "does not answer"],
  closed: ["good", "fermé", "closed"],
  open: ["bad", "ouvert : on n’appelle plus", "open: no calls are made"],
  trying: ["warn", "à l’essai", "being tried"],
};
const deliveryStates: Readonly<Record<string, readonly [fr: string, en: string]>> = {
  pending: ["à envoyer", "to be sent"],
  sending: ["en cours d’envoi", "being sent"],
  sent: ["envoyés", "sent"],
  unknown: ["incertains : à vérifier", "uncertain: to be looked at"],
  failed: ["échoués", "failed"],
};

/** The status of the fleet for a person's eyes; the same figures as the JSON. It is loaded again by itself. */
export function statusPage(view: PageView, status: FleetStatus): string {
  const [tone, fr, en] = whole[status.status];
  const title = say(view, "État", "Status");
  const every = say(view, `relu toutes les ${refreshSeconds} s`, `read again every ${refreshSeconds} s`);
  const body = markup`<h1>${title} ${badge(tone, say(view, fr, en))}</h1>
<p class="quiet">${instantOf(view, status.at)} (${view.zone}) · ${every} · version ${status.version} · Node ${status.node}</p>
<h2>${say(view, "Sources", "Sources")}</h2>
${sourceTable(view, status)}
<h2>${say(view, "Doutes connus des 7 derniers jours", "Known doubt of the last 7 days")}</h2>
${doubtList(view, status)}
<h2>${say(view, "Files d’attente", "Queues")}</h2>
${queueTable(view, status)}
<h2>${say(view, "Rapports", "Reports")}</h2>
${facts(reportFacts(view, status))}
<h2>${say(view, "Parties du service", "Parts of the service")}</h2>
${partTable(view, status)}
<h2>${say(view, "Index et modèles", "Index and models")}</h2>
${facts(modelFacts(view, status))}`;
  return frame(view, { title, body, refreshSeconds });
}

const stateOf = (view: PageView, state: string): Html => {
  const words = states[state];
  return words ? badge(words[0], say(view, words[1], words[2])) : markup`${state}`;
};

function sourceTable(view: PageView, { sources }: FleetStatus): Html {
  const parity = (inParity: boolean | null): Cell =>
    inParity === null
      ? dash
      : inParity
        ? badge("good", say(view, "oui", "yes"))
        : badge("warn", say(view, "non : flow-rag parity", "no: flow-rag parity"));
  return table({
    columns: [
      { name: say(view, "Source", "Source") },
      { name: say(view, "Enregistrements", "Records"), number: true },
      { name: say(view, "Exécutions", "Runs"), number: true },
      { name: say(view, "Écartés", "Set aside"), number: true },
      { name: say(view, "Statut non lu", "Status not read"), number: true },
      { name: say(view, "Index égal à la source", "Index equals source") },
      { name: say(view, "Lue jusqu’à", "Read through") },
      { name: say(view, "Indexée jusqu’à", "Indexed through") },
      { name: say(view, "Corrections vues à partir de", "Corrections seen from") },
    ],
    rows: sources.map((one) => [
      recordText(one.source),
      numberOf(view, one.records),
      numberOf(view, one.runs),
      numberOf(view, one.setAside),
      numberOf(view, one.unread?.runs ?? 0),
      parity(one.inParity),
      instantOf(view, one.enqueuedThrough),
      instantOf(view, one.indexedThrough),
      instantOf(view, one.nextReconcileAt),
    ]),
    none: say(view, "Aucune source que votre clé puisse lire.", "No source that your key may read."),
  });
}

function doubtList(view: PageView, { doubts, at }: FleetStatus): Html {
  if (doubts === null)
    return markup`<p class="note warn">${say(
      view,
      "Ce que l’on sait de faux ou de manquant n’a pas pu être lu.",
      "What is known to be wrong or missing could not be looked up.",
    )}</p>`;
  if (doubts.length === 0)
    return markup`<p>${badge("good", say(view, "aucun : les données sont complètes", "none: the data are complete"))}</p>`;
  const { language, zone } = view;
  const sentences = wordDoubts(doubts, { language, zone, now: new Date(at) });
  return markup`<ul class="note warn">${sentences.map((sentence) => markup`<li>${recordText(sentence, 600)}</li>`)}</ul>`;
}

function queueTable(view: PageView, { queues }: FleetStatus): Html {
  if (!queues)
    return markup`<p class="note warn">${say(view, "Redis ne répond pas : on ne sait rien des files.", "Redis does not answer: nothing is known of the queues.")}</p>`;
  return table({
    columns: [
      { name: say(view, "File", "Queue") },
      { name: say(view, "En attente", "Waiting"), number: true },
      { name: say(view, "En cours", "Active"), number: true },
      { name: say(view, "Différés", "Delayed"), number: true },
      { name: say(view, "Échoués", "Failed"), number: true },
      { name: say(view, "Plus ancien en attente", "Oldest waiting"), number: true },
      { name: say(view, "Consommateurs", "Consumers"), number: true },
      { name: say(view, "État", "State") },
    ],
    rows: queues.map(({ queue, counts, oldestWaitingSeconds, consumers, health, paused }) => [
      queue,
      ...["waiting", "active", "delayed", "failed"].map((state) => numberOf(view, counts[state] ?? 0)),
      durationOf(view, oldestWaitingSeconds === null ? null : oldestWaitingSeconds * 1_000),
      numberOf(view, consumers),
      stateOf(view, paused ? "paused" : health),
    ]),
    none: say(view, "Aucune file.", "No queue."),
  });
}

const reportFacts = (view: PageView, { report: { lastSentAt, deliveries } }: FleetStatus): (readonly [string, Cell])[] => [
  [say(view, "Dernier envoyé", "Last sent"), lastSentAt === null ? say(view, "aucun", "none") : instantOf(view, lastSentAt)],
  ...Object.entries(deliveries ?? {}).map(([state, count]): readonly [string, Cell] => {
    const words = deliveryStates[state];
    return [`${say(view, "Envois", "Deliveries")} · ${words ? say(view, ...words) : state}`, numberOf(view, count)];
  }),
];

function partTable(view: PageView, { dependencies, breakers }: FleetStatus): Html {
  return table({
    columns: [
      { name: say(view, "Partie", "Part") },
      { name: say(view, "État", "State") },
      { name: say(view, "Réponse en", "Answered in"), number: true },
    ],
    rows: [
      ...Object.entries(dependencies).map(([name, { status, ms, reason }]) => [
        name,
        reason === undefined ? stateOf(view, status) : markup`${stateOf(view, status)} <span lang="en">${recordText(reason)}</span>`,
        durationOf(view, ms),
      ]),
      ...Object.entries(breakers).map(([name, state]) => [say(view, `disjoncteur ${name}`, `breaker ${name}`), stateOf(view, state), dash]),
    ],
    none: say(view, "Rien à dire.", "Nothing to tell."),
  });
}

function modelFacts(view: PageView, { index, model }: FleetStatus): (readonly [string, Cell])[] {
  const rows: (readonly [string, Cell])[] = [];
  if (index) {
    rows.push([say(view, "Documents", "Documents"), numberOf(view, index.documents)]);
    rows.push([say(view, "Collection", "Collection"), markup`<code>${index.collection}</code>`]);
    rows.push([say(view, "Vecteurs de", "Vectors by"), markup`<code>${index.embedder}</code>`]);
  } else rows.push([say(view, "Index", "Index"), say(view, "pas encore d’index", "no index yet")]);
  rows.push([
    say(view, "Modèle de langue", "Language model"),
    model.chat ?? say(view, "aucun : les réponses suivent des modèles de phrases", "none: the templates word the answers"),
  ]);
  const { tokens } = model;
  if (tokens) {
    const used = createShare(view, tokens.used, tokens.limit);
    rows.push([say(view, "Jetons du jour", "Tokens today"), used]);
    rows.push([say(view, "Appels refusés", "Calls refused"), numberOf(view, tokens.refused)]);
  }
  return rows;
}

const createShare = (view: PageView, used: number, limit: number): Html =>
  markup`${numberOf(view, used)} ${say(view, "sur", "of")} ${numberOf(view, limit)}`;
