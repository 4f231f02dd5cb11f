import { numberText, type FindingKind, type morningJson, type Severity } from "@flow-rag/insights";
import { markup, type Html } from "@flow-rag/kernel";
import { createFormat } from "@flow-rag/rag";
import { frame } from "./frame.js";
import { badge, instantOf, numberOf, recordText, say, type PageView, type Tone } from "./page-view.js";
import { facts, table } from "./table.js";

type Listed = ReturnType<typeof morningJson>;
type Incident = Listed["incidents"][number];
type Words = readonly [tone: Tone, fr: string, en: string];

const shownRows = 200;
const severities: Readonly<Record<Severity, Words>> = {
  critical: ["bad", "critique", "critical"],
  warning: ["warn", "avertissement", "warning"],
  info: ["plain", "information", "information"],
};
const states: Readonly<Record<Incident["state"], readonly [fr: string, en: string]>> = {
  new: ["nouveau", "new"],
  regressed: ["revenu", "back"],
  ongoing: ["en cours", "ongoing"],
};
const kindNames: Readonly<Record<FindingKind, readonly [fr: string, en: string]>> = {
  failure_rate: ["taux d’échec", "failure rate"],
  consecutive_failures: ["échecs de suite", "failures in a row"],
  new_error: ["erreur jamais vue", "new error"],
  regressed_error: ["erreur revenue", "error that came back"],
  duration: ["durée", "duration"],
  missing_run: ["exécution manquante", "missing run"],
  volume: ["nombre d’exécutions", "number of runs"],
  not_enough_history: ["pas assez d’historique", "not enough history"],
};

/** The days around the shown one as local dates; `next` is missing on the last day that can be asked for. */
export type DaysAround = { readonly previous: string; readonly next: string | undefined; readonly latest: string };

/** What was unusual on a day, as the morning report lists it: incidents, what is over, every failure, what could not be judged. */
export function anomalyPage(view: PageView, listed: Listed, around: DaysAround): string {
  const { language } = view;
  const day = createFormat(language, listed.zone).dayOfYear(new Date(listed.from), view.now);
  const title = say(view, `Anomalies du ${day}`, `Anomalies of ${day}`);
  const sentences = (findings: readonly { sentence: { fr: string; en: string } }[]): Html =>
    markup`<ul>${findings.slice(0, shownRows).map(({ sentence }) => markup`<li>${recordText(sentence[language], 600)}</li>`)}</ul>`;
  const part = (heading: string, count: number, content: Html): Html =>
    count === 0
      ? markup``
      : markup`<h2>${heading} (${numberText(count, language)})</h2>
${content}${count > shownRows ? markup`<p class="quiet">${say(view, `Les ${shownRows} premiers.`, `The first ${shownRows}.`)}</p>` : ""}`;
  const body = markup`<h1>${title}</h1>
${dayForm(view, listed, around)}
${facts([
  [say(view, "Exécutions", "Runs"), numberOf(view, listed.runs)],
  [say(view, "Pipelines", "Pipelines"), numberOf(view, listed.pipelines)],
  [say(view, "Échecs", "Failures"), numberOf(view, listed.failures.length)],
  [say(view, "Incidents", "Incidents"), numberOf(view, listed.incidents.length)],
  [say(view, "Fenêtre", "Window"), markup`${instantOf(view, listed.from)} → ${instantOf(view, listed.to)} (${listed.zone})`],
])}
${verdict(view, listed)}
${part(say(view, "Incidents", "Incidents"), listed.incidents.length, markup`${listed.incidents.slice(0, shownRows).map((one) => incident(view, one))}`)}
${part(say(view, "Résolus", "Resolved"), listed.resolved.length, sentences(listed.resolved))}
${part(say(view, "Toutes les exécutions en échec", "Every failed run"), listed.failures.length, failureTable(view, listed.failures))}
${part(say(view, "Pas assez d’historique pour juger", "Not enough history to judge"), listed.unjudged.length, sentences(listed.unjudged))}`;
  return frame(view, { title, body });
}

function dayForm(view: PageView, { date }: Listed, { previous, next, latest }: DaysAround): Html {
  return markup`<form method="get" action="/anomalies" class="deeds">
<a href="/anomalies?day=${previous}" rel="prev">← ${previous}</a>
<label>${say(view, "Jour", "Day")} <input type="date" name="day" value="${date}" max="${latest}" required></label>
<button>${say(view, "Voir", "Show")}</button>
${next === undefined ? "" : markup`<a href="/anomalies?day=${next}" rel="next">${next} →</a>`}
</form>`;
}

function verdict(view: PageView, { runs, allClear, incidents, unjudged }: Listed): Html {
  if (runs === 0)
    return markup`<p class="note warn">${say(
      view,
      "Aucune exécution enregistrée ce jour-là. Ce n’est pas la même chose que « 0 échec ».",
      "No run is recorded for that day. That is not the same as “0 failures”.",
    )}</p>`;
  if (incidents.length > 0) return markup``;
  const [fr, en] = unjudged.length > 0 ? [" dans ce qui a pu être jugé", " in what could be judged"] : ["", ""];
  return allClear
    ? markup`<p class="note good">${say(view, `Aucun échec, rien d’inhabituel${fr}.`, `No failure, nothing unusual${en}.`)}</p>`
    : markup`<p class="note">${say(view, `Rien d’inhabituel${fr}.`, `Nothing unusual${en}.`)}</p>`;
}

const pipelinesNamed = 8;
function incident(view: PageView, { techs, pipelines, kinds, severity, state, since, findings }: Incident): Html {
  const [tone, ...severityWords] = severities[severity];
  const named = pipelines.slice(0, pipelinesNamed).map((pipeline) => markup`<li>${recordText(pipeline, 120)}</li>`);
  const others = pipelines.length - named.length;
  const kindWords = kinds.map((kind) => (kind in kindNames ? say(view, ...kindNames[kind as FindingKind]) : kind)).join(", ");
  return markup`<section class="card">
<h3>${badge(tone, say(view, ...severityWords))} ${recordText(techs.join(", "), 80)} · ${say(view, ...states[state])} · ${kindWords}</h3>
<p class="quiet">${say(view, "depuis", "since")} ${instantOf(view, since)}</p>
<ul class="inline">${named}${others > 0 ? markup`<li class="quiet">${say(view, `et ${others} de plus`, `and ${others} more`)}</li>` : ""}</ul>
<ul>${findings.slice(0, 20).map(({ sentence }) => markup`<li>${recordText(sentence[view.language], 600)}</li>`)}</ul>
</section>`;
}

const failureTable = (view: PageView, failures: Listed["failures"]): Html =>
  table({
    columns: [{ name: say(view, "Pipeline", "Pipeline") }, { name: "Techno" }, { name: say(view, "Quand", "When") }],
    rows: failures
      .slice(0, shownRows)
      .map(({ pipeline, tech, at }) => [recordText(pipeline, 200), recordText(tech, 80), instantOf(view, at)]),
    none: "",
  });
