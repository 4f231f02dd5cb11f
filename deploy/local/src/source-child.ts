import { fileURLToPath } from "node:url";

const loader = new URL("../bin/source.mjs", import.meta.url).href;
const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** Command line of a node process that runs `src/<name>/main.ts`, from any working directory. */
export function sourceChild(name: string, args: readonly string[]): { command: string; args: string[] } {
  const entry = fileURLToPath(new URL(`./${name}/main.${extension}`, import.meta.url));
  return { command: process.execPath, args: ["--import", loader, entry, ...args] };
}
