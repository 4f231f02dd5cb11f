import { cleanLine, markup, type Html } from "@flow-rag/kernel";
import { frame } from "./frame.js";
import { badge, dash, instantOf, numberOf, recordText, say, type PageView } from "./page-view.js";
import { facts, table, type Cell } from "./table.js";

type Data = {
  /** As the route table has it. */
  readonly path: string;
  /** What the route is about, in English as all of the API's document. */
  readonly summary: string;
  /** What a client would be sent. */
  readonly body: unknown;
  /** One thing of a list has a page of its own, by its `id`. */
  readonly hasItems: boolean;
};
type Fields = Readonly<Record<string, unknown>>;
type Place = { readonly view: PageView; readonly hrefOf: (row: Fields) => string | undefined; readonly depth: number };

const [shownRows, deepest] = [100, 4];
/** With more of them a screen would be scrolled sideways: each row is then names and values. */
const tableColumns = 6;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** What a client is sent as JSON, for a person's eyes: names and values, and lists of alike things as tables. What is left out is said. */
export function dataPage(view: PageView, { path, summary, body, hasItems }: Data): string {
  const hrefOf = ({ id }: Fields) => (hasItems && typeof id === "string" ? `${path}/${encodeURIComponent(id)}` : undefined);
  const raw = say(
    view,
    "Les mêmes données en JSON, pour un programme : sans « Accept: text/html ».",
    "The same as JSON, for programs: without “Accept: text/html”.",
  );
  return frame(view, {
    title: path,
    body: markup`<h1><code>${path}</code></h1>
<p class="quiet"><span lang="en">${summary}.</span> ${raw} <a href="/docs">API</a></p>
${block({ view, hrefOf, depth: 0 }, body)}`,
  });
}

function block(place: Place, value: unknown): Html {
  if (Array.isArray(value)) return list(place, value);
  if (!isFields(value)) return markup`<p>${cell(place, value)}</p>`;
  const entries = Object.entries(value);
  const simple = entries.filter(([, one]) => !isLarge(one));
  const large = entries.filter(([, one]) => isLarge(one));
  return markup`${simple.length > 0 ? facts(simple.map(([name, one]) => [name, cell(place, one)])) : ""}
${large.map(([name, one]) => markup`<h2><code>${cleanLine(name, 80)}</code></h2>\n${block(deeper(place), one)}\n`)}`;
}

const isLarge = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isFields) : isFields(value) && Object.keys(value).length > 0;
const deeper = (place: Place): Place => ({ ...place, depth: place.depth + 1 });

function list(place: Place, all: readonly unknown[]): Html {
  const { view } = place;
  const rows = all.filter(isFields);
  if (rows.length < all.length || all.length === 0) return markup`<p>${cell(place, all)}</p>`;
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const shown = rows.slice(0, shownRows).map((row) => names.map((name, index): Cell => linked(place, row, { name, isFirst: index === 0 })));
  const left = rows.length - shown.length;
  const note =
    left > 0 ? markup`<p class="quiet">${say(view, "et", "and")} ${numberOf(view, left)} ${say(view, "autres", "more")}</p>` : "";
  const body =
    names.length <= tableColumns
      ? table({ columns: names.map((name) => ({ name })), rows: shown, none: "" })
      : markup`${shown.map((cells) => markup`<section class="one">${facts(names.map((name, index) => [name, cells[index] ?? ""]))}</section>\n`)}`;
  return markup`${body}\n${note}`;
}

/** What names a row leads to its page. */
function linked(place: Place, row: Fields, { name, isFirst }: { name: string; isFirst: boolean }): Html {
  const text = cell(deeper(place), row[name]);
  const href = isFirst || name === "id" ? place.hrefOf(row) : undefined;
  return href === undefined ? text : markup`<a href="${href}">${text}</a>`;
}

function cell(place: Place, value: unknown): Html {
  const { view, depth } = place;
  if (value === null || value === undefined || value === "") return dash;
  if (typeof value === "number") return Number.isInteger(value) ? numberOf(view, value) : markup`${String(value)}`;
  if (typeof value === "boolean") return badge("plain", value ? say(view, "oui", "yes") : say(view, "non", "no"));
  if (typeof value === "string") return instant.test(value) ? instantOf(view, value) : recordText(value, 2_000);
  if (depth >= deepest) return recordText(JSON.stringify(value));
  if (Array.isArray(value)) {
    const shown = value.slice(0, shownRows).map((one) => markup`<li>${cell(deeper(place), one)}</li>`);
    return shown.length === 0 ? dash : markup`<ul>${shown}</ul>`;
  }
  return facts(Object.entries(value as Fields).map(([name, one]) => [name, cell(deeper(place), one)]));
}
