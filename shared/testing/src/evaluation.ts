/** What an evaluation found. `passed` is false under its gate; `skipped` says which input was missing. */
export type Evaluation = {
  readonly table: readonly Readonly<Record<string, string | number>>[];
  /** More tables with other columns, printed after it. */
  readonly more?: readonly Evaluation["table"][];
  readonly summary: Readonly<Record<string, unknown>>;
  readonly passed: boolean;
  readonly skipped?: string;
};

/**
 * What `shared/<package>/eval/<name>.eval.ts` exports under the name `evaluate`; with `needsServices = true` beside it, it is run
 * where the addresses of the local services are given. `args` is what follows the name on the command line.
 */
export type Evaluate = (args: readonly string[]) => Promise<Evaluation>;

/** Aligned columns under the keys of the first row: text to the left, numbers to the right. */
export function formatTable(rows: Evaluation["table"]): string {
  const columns = Object.keys(rows[0] ?? {});
  const width = (column: string) => Math.max(column.length, ...rows.map((row) => String(row[column] ?? "").length));
  const cell = (value: string | number, column: string) =>
    typeof value === "number" ? String(value).padStart(width(column)) : value.padEnd(width(column));
  const lines = rows.map((row) => columns.map((column) => cell(row[column] ?? "", column)).join("  "));
  return [columns.map((column) => column.padEnd(width(column))).join("  "), ...lines].map((line) => line.trimEnd()).join("\n");
}
