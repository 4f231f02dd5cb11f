import { anomalySettings, type AnomalySettings } from "@flow-rag/insights";
import { AppError, parse } from "@flow-rag/kernel";
import { readFile } from "node:fs/promises";
import { parse as parseYaml } from "yaml";

const maxBytes = 1_048_576;

/**
 * The anomaly settings of a YAML file; without a file the defaults.
 * @throws AppError `invalid_input` when it cannot be read, is no YAML or breaks a rule, naming the field.
 */
export async function readAnomalySettings(file: string | undefined): Promise<AnomalySettings> {
  if (file === undefined) return anomalySettings.parse({});
  let content: unknown;
  try {
    const text = await readFile(file, "utf8");
    if (text.length > maxBytes) throw new Error("longer than 1 MiB");
    // Aliases could grow a small file without bound.
    content = parseYaml(text, { maxAliasCount: 0 }) ?? {};
  } catch (cause) {
    throw new AppError("invalid_input", `${file}: not readable YAML (${(cause as Error).message.split("\n")[0] ?? ""})`, { cause });
  }
  return parse(anomalySettings, content, file);
}
