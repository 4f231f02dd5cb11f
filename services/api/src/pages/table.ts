import { Html, markup } from "@flow-rag/kernel";

type Column = { readonly name: string; readonly number?: true };
export type Cell = Html | string;
type Table = {
  readonly columns: readonly Column[];
  /** A cell for each column; the first one names the row. */
  readonly rows: readonly (readonly Cell[])[];
  /** Said where there is no row. */
  readonly none: string;
};

/** A table that on a phone becomes a card for each row, so that nothing is scrolled sideways. */
export function table({ columns, rows, none }: Table): Html {
  if (rows.length === 0) return markup`<p class="quiet">${none}</p>`;
  const kind = ({ number }: Column): Html => new Html(number ? ' class="n"' : "");
  const head = columns.map((column) => markup`<th scope="col"${kind(column)}>${column.name}</th>`);
  const body = rows.map((cells) => {
    const row = columns.map((column, index) =>
      index === 0
        ? markup`<th scope="row">${cells[0] ?? ""}</th>`
        : markup`<td data-name="${column.name}"${kind(column)}>${cells[index] ?? ""}</td>`,
    );
    return markup`<tr>${row}</tr>\n`;
  });
  return markup`<table class="cards"><thead><tr>${head}</tr></thead>
<tbody>${body}</tbody></table>`;
}

/** Names and what they are, in two columns. */
export const facts = (rows: readonly (readonly [name: string, value: Cell])[]): Html =>
  markup`<dl class="facts">${rows.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
