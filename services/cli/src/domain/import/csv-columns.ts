/** Names for the columns of a header line: trimmed; one that is empty or comes twice is told apart by its number. */
export function nameColumns(header: readonly string[]): string[] {
  const names: string[] = [];
  for (const [index, cell] of header.entries()) {
    const name = cell.trim().replace(/^\$+/, "");
    if (name === "") names.push(`column_${index + 1}`);
    else names.push(names.includes(name) ? `${name}_${index + 1}` : name);
  }
  return names;
}

/**
 * A row as a document: empty cells are left out, and dotted names are fields within fields, as mongoexport writes them.
 * Where a name is also the beginning of a longer one (`job`, `job.name`), the shorter one's cell is the field `value` within it.
 */
export function nestColumns(columns: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const document: Record<string, unknown> = {};
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? "";
    if (cell === "") continue;
    const isAlsoFolder = columns.some((other) => other.startsWith(`${column}.`));
    setField(document, isAlsoFolder ? `${column}.value` : column, cell);
  }
  return document;
}

/** Sets a field by its dotted path and makes the objects on the way. Own properties only, whatever a column is called. */
export function setField(document: Record<string, unknown>, path: string, value: unknown): void {
  const names = /^\.|\.$|\.\./.test(path) ? [path.replaceAll(".", "_")] : path.split(".");
  let target = document;
  for (const name of names.slice(0, -1)) {
    const inner = Object.hasOwn(target, name) ? target[name] : undefined;
    const next = typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : {};
    define(target, name, next);
    target = next;
  }
  define(target, names.at(-1) ?? path, value);
}

const define = (target: Record<string, unknown>, name: string, value: unknown): void =>
  void Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });

/** A field by its dotted path; undefined when the document lacks it. */
export function fieldAt(document: unknown, path: string): unknown {
  let value = document;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}
