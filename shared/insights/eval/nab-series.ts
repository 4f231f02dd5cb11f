import { readdirSync, readFileSync } from "node:fs";
import { dataFolder, readCsv } from "./data.js";
import type { LabelledSeries } from "./nab-score.js";

export type NabSeries = LabelledSeries & {
  readonly name: string;
  /** Epoch ms; the files name no zone, UTC is taken. */
  readonly times: readonly number[];
  readonly values: readonly number[];
};

export const nabFolder = new URL("timeseries/nab/", dataFolder);

/** Every series of the folder in the order of its name, with its labelled windows. */
export function readNab(): NabSeries[] {
  const labels = JSON.parse(readFileSync(new URL("windows.json", nabFolder), "utf8")) as Record<string, [string, string][]>;
  const instant = (text: string): number => Date.parse(`${text.slice(0, 19).replace(" ", "T")}Z`);
  const folders = readdirSync(nabFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders.flatMap(({ name }) => readdirSync(new URL(`${name}/`, nabFolder)).map((file) => `${name}/${file}`));
  return names.sort().map((name) => {
    const rows = readCsv(new URL(name, nabFolder));
    const times = rows.map((row) => instant(row["timestamp"] ?? ""));
    const values = rows.map((row) => Number(row["value"]));
    const windows = (labels[name] ?? []).map(([from, to]): readonly [number, number] => [
      times.findIndex((time) => time >= instant(from)),
      times.findLastIndex((time) => time <= instant(to)),
    ]);
    return { name, length: values.length, times, values, windows };
  });
}
