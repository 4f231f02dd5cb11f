import { runStatus, type RunStatus } from "@flow-rag/contracts";
import { Html, markup } from "@flow-rag/kernel";
import type { Ingestion } from "../domain/read-ingestion.js";
import type { ReingestFields } from "../domain/read-reingest.js";
import { frame } from "./frame.js";
import { badge, numberOf, recordText, say, type PageView, type Tone } from "./page-view.js";
import { facts, type Cell } from "./table.js";

const statusNames: Readonly<Record<RunStatus, readonly [fr: string, en: string]>> = {
  success: ["succès", "success"],
  failed: ["échec", "failed"],
  running: ["en cours", "running"],
  cancelled: ["annulé", "cancelled"],
  skipped: ["sauté", "skipped"],
  warning: ["avertissement", "warning"],
  upstream_failed: ["amont en échec", "upstream failed"],
  waiting: ["en attente", "waiting"],
  unknown: ["inconnu", "unknown"],
};
const title = (view: PageView): string => say(view, "Relire des enregistrements", "Re-ingest records");

type FormOptions = { readonly sources: readonly string[]; readonly fields: ReingestFields; readonly wrong?: Wrong };
/** What is wrong with the form; `fr` undefined where only English says it. */
export type Wrong = { readonly fr: string | undefined; readonly en: string };

/** The form, filled in with `fields`. Its one button counts: nothing is read into the index before a person has seen how much it is. */
export function reingestFormPage(view: PageView, { sources, fields, wrong }: FormOptions): string {
  const body = markup`<h1>${title(view)}</h1>
<p>${say(
    view,
    "Des enregistrements de la source sont relus. Ce que l’index a déjà tel quel est laissé. D’abord on compte : rien n’est fait avant votre accord.",
    "Records of the source are read again. What the index holds as it is is left alone. First they are counted: nothing is done before you agree.",
  )}</p>
${wrong === undefined ? "" : wrongNote(view, wrong)}
<form method="post" action="/reingest">
<fieldset><legend>${say(view, "Quoi", "What")}</legend>
<label>Source <select name="source">${sources.map((name) => option(name, name, fields.source === name))}</select></label>
${(["selected", "changes", "everything"] as const).map((what) => whatChoice(view, what, fields.what === what))}
</fieldset>
<fieldset><legend>${say(view, "Sélection", "Selection")}</legend>
<p class="quiet">${say(view, `Ce qui est laissé vide ne limite rien. Heures de ${view.zone}.`, `What is left empty limits nothing. Times of ${view.zone}.`)}</p>
<div class="pair">${momentField(view, "from", fields)}${momentField(view, "to", fields)}</div>
<div><span id="statuses">${say(view, "Statuts", "Statuses")}</span>
<div class="choices" role="group" aria-labelledby="statuses">${runStatus.options.map((status) =>
    check("statuses", status, say(view, ...statusNames[status]), fields.statuses.includes(status)),
  )}</div></div>
<div class="pair">${area(view, "pipelines", "Pipelines", fields.pipelines)}${area(view, "techs", "Technos", fields.techs)}${area(view, "ids", say(view, "Ids d’enregistrements", "Record ids"), fields.ids)}</div>
</fieldset>
<fieldset><legend>${say(view, "Comment", "How")}</legend>
${check("force", "true", say(view, "Recalculer aussi ce qui n’a pas changé", "Embed unchanged records too"), fields.force)}
${check(
  "allow_removals",
  "true",
  say(
    view,
    "Source entière : retirer aussi ce qui n’y est plus, même au-delà d’un vingtième",
    "Whole source: also remove what is gone from it, even more than a twentieth",
  ),
  fields.allow_removals,
)}
</fieldset>
<div class="deeds"><button class="main" name="step" value="count">${say(view, "Compter d’abord", "Count first")}</button></div>
</form>`;
  return frame(view, { title: title(view), body });
}

const wrongNote = (view: PageView, { fr, en }: Wrong): Html =>
  view.language === "fr" && fr !== undefined
    ? markup`<p class="note bad" role="alert">${fr}</p>`
    : markup`<p class="note bad" role="alert" lang="en">${recordText(en, 500)}</p>`;

type CountOptions = { readonly fields: ReingestFields; readonly counted: Ingestion | undefined; readonly ticket: string };

/** What a dry run found, and the question whether to go on. `counted` is undefined where nothing can be counted before it is read. */
export function reingestCountPage(view: PageView, { fields, counted, ticket }: CountOptions): string {
  const matched = counted?.pull?.matched;
  const ended = counted === undefined || counted.state === "completed";
  const go =
    counted === undefined ? say(view, "Lire ce qui est nouveau", "Read what is new") : say(view, "Relire maintenant", "Re-ingest now");
  const result =
    counted === undefined
      ? markup`<p class="note">${say(
          view,
          "Ce qui est nouveau depuis la dernière lecture n’est connu qu’en le lisant.",
          "What is new since the last read is only known by reading it.",
        )}</p>`
      : countNote(view, counted);
  const button = (step: string, words: string, main: boolean): Html =>
    markup`<button name="step" value="${step}"${main ? new Html(' class="main"') : ""}>${words}</button>`;
  const body = markup`<h1>${title(view)}</h1>
${facts(chosen(view, fields))}
${result}
<form method="post" action="/reingest">
${hidden(fields)}<input type="hidden" name="ticket" value="${ticket}">
<div class="deeds">
${ended && matched !== 0 ? button("run", go, true) : ""}
${ended ? "" : button("count", say(view, "Compter de nouveau", "Count again"), true)}
${button("edit", say(view, "Modifier", "Change"), false)}
</div></form>`;
  return frame(view, { title: title(view), body });
}

function countNote(view: PageView, { state, reason, pull }: Ingestion): Html {
  if (state === "failed")
    return markup`<p class="note bad" role="alert">${say(view, "Le compte a échoué :", "Counting failed:")} ${recordText(reason ?? "", 500)}</p>`;
  if (!pull)
    return markup`<p class="note warn">${say(
      view,
      "Le compte n’est pas encore là : le producteur est occupé, en pause ou arrêté. Voyez la page « État ».",
      "The count is not there yet: the producer is busy, paused or stopped. See the status page.",
    )}</p>`;
  const { matched } = pull;
  if (matched === 0) return markup`<p class="note warn">${say(view, "Aucun enregistrement ne correspond.", "No record matches.")}</p>`;
  return markup`<p class="note good"><strong>${numberOf(view, matched)}</strong> ${say(
    view,
    matched === 1 ? "enregistrement correspond." : "enregistrements correspondent.",
    matched === 1 ? "record matches." : "records match.",
  )}</p>`;
}

const words: Readonly<Record<Ingestion["state"], readonly [tone: Tone, fr: string, en: string]>> = {
  waiting: ["warn", "en attente", "waiting"],
  running: ["plain", "en cours", "under way"],
  completed: ["good", "terminé", "done"],
  failed: ["bad", "échoué", "failed"],
  gone: ["plain", "oublié", "forgotten"],
};

/** How far a re-ingest is; the page is loaded again until it has ended. */
export function ingestionPage(view: PageView, { id, state, reason, progress, pull, batches }: Ingestion): string {
  const [tone, ...stateWords] = words[state];
  const underWay = state === "waiting" || state === "running";
  const rows: (readonly [string, Cell])[] = [];
  if (progress) rows.push([say(view, "Lus", "Read"), markup`${numberOf(view, progress.read)} / ${numberOf(view, progress.total)}`]);
  if (pull) {
    rows.push([say(view, "Lus", "Read"), numberOf(view, pull.read)]);
    rows.push([say(view, "Demandés", "Asked for"), numberOf(view, pull.matched)]);
    rows.push([say(view, "Inchangés", "Unchanged"), numberOf(view, pull.unchanged)]);
    rows.push([say(view, "Mis en file", "Enqueued"), numberOf(view, pull.enqueued)]);
  }
  if (batches.total > 0) {
    rows.push([say(view, "Lots", "Batches"), markup`${numberOf(view, batches.done)} / ${numberOf(view, batches.total)}`]);
    rows.push([say(view, "Indexés", "Indexed"), numberOf(view, batches.indexed)]);
    rows.push([say(view, "Retirés", "Removed"), numberOf(view, batches.removed)]);
    rows.push([say(view, "Écartés", "Set aside"), numberOf(view, batches.setAside)]);
    rows.push([say(view, "Lots échoués", "Failed batches"), numberOf(view, batches.failed)]);
  }
  const body = markup`<h1>${title(view)} ${badge(tone, say(view, ...stateWords))}</h1>
${reason === null ? "" : markup`<p class="note bad" role="alert">${recordText(reason, 500)}</p>`}
${facts(rows)}
<p class="quiet"><code>${recordText(id, 300)}</code></p>
<p><a href="/reingest">${say(view, "Une autre relecture", "Another one")}</a></p>`;
  return frame(view, { title: title(view), body, ...(underWay && { refreshSeconds: 2 }) });
}

function chosen(view: PageView, fields: ReingestFields): (readonly [string, Cell])[] {
  const {
    source,
    what,
    from,
    from_time: fromTime,
    to,
    to_time: toTime,
    statuses,
    pipelines,
    techs,
    ids,
    force,
    allow_removals: removals,
  } = fields;
  const rows: (readonly [string, Cell])[] = [
    ["Source", recordText(source)],
    [say(view, "Quoi", "What"), say(view, ...whats[what])],
  ];
  if (what === "selected") {
    if (from !== "") rows.push([say(view, "Depuis", "From"), `${from} ${fromTime}`.trim()]);
    if (to !== "") rows.push([say(view, "Jusqu’à", "To"), toTime === "" ? say(view, `${to} inclus`, `${to} included`) : `${to} ${toTime}`]);
    if (statuses.length > 0)
      rows.push([say(view, "Statuts", "Statuses"), statuses.map((one) => say(view, ...statusNames[one])).join(", ")]);
    for (const [name, text] of [
      ["Pipelines", pipelines],
      ["Technos", techs],
      ["Ids", ids],
    ] as const)
      if (text.trim() !== "")
        rows.push([
          name,
          recordText(
            text
              .trim()
              .split(/\s*[\r\n]+\s*/)
              .join(", "),
          ),
        ]);
  }
  const yes = say(view, "oui", "yes");
  if (force) rows.push([say(view, "Même inchangés", "Unchanged too"), yes]);
  if (removals && what === "everything") rows.push([say(view, "Retraits permis", "Removals allowed"), yes]);
  return rows;
}

const whats: Readonly<Record<ReingestFields["what"], readonly [fr: string, en: string]>> = {
  selected: ["La sélection ci-dessous", "The selection below"],
  changes: ["Ce qui est nouveau depuis la dernière lecture", "What is new since the last read"],
  everything: ["La source entière", "The whole source"],
};

const whatChoice = (view: PageView, what: ReingestFields["what"], isChosen: boolean): Html =>
  markup`<label class="choice"><input type="radio" name="what" value="${what}"${on(isChosen, "checked")}> ${say(view, ...whats[what])}</label>`;
const option = (value: string, text: string, isChosen: boolean): Html =>
  markup`<option value="${value}"${on(isChosen, "selected")}>${text}</option>`;
const check = (name: string, value: string, text: string, isChosen: boolean): Html =>
  markup`<label class="choice"><input type="checkbox" name="${name}" value="${value}"${on(isChosen, "checked")}> ${text}</label>`;
const on = (isOn: boolean, attribute: string): Html => new Html(isOn ? ` ${attribute}` : "");

function momentField(view: PageView, name: "from" | "to", fields: ReingestFields): Html {
  const day = name === "from" ? say(view, "Depuis le", "From") : say(view, "Jusqu’au (jour compris)", "To (day included)");
  const hour = name === "from" ? say(view, "à partir de (heure)", "from (time)") : say(view, "avant (heure)", "before (time)");
  return markup`<div><label for="${name}">${day}</label><span class="moment">
<input id="${name}" type="date" name="${name}" value="${fields[name]}">
<input type="time" name="${name}_time" value="${fields[`${name}_time`]}" aria-label="${hour}" title="${hour}"></span></div>`;
}

const area = (view: PageView, name: "pipelines" | "techs" | "ids", label: string, value: string): Html =>
  markup`<div><label for="${name}">${label} <small class="quiet">${say(view, "un par ligne", "one a line")}</small></label>
<textarea id="${name}" name="${name}" rows="3" maxlength="20000" spellcheck="false">${value}</textarea></div>`;

function hidden(fields: ReingestFields): Html[] {
  const pairs = Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    if (typeof value === "object") return value.map((one): [string, string] => [name, one]);
    return value === false ? [] : [[name, String(value)]];
  });
  return pairs.map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">\n`);
}
