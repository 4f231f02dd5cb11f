import { fileURLToPath } from "node:url";

const compiled = import.meta.url.endsWith(".js");
const loader = new URL("../../../../deploy/local/bin/source.mjs", import.meta.url).href;

/** What node is told to run a program of another service: its sources through the loader, or compiled where this file is, as in an image. */
export function serviceProgram(service: string, program = "."): string[] {
  const path = `../../../${service}/${compiled ? "dist" : "src"}/${program}/main.${compiled ? "js" : "ts"}`;
  return [...(compiled ? [] : ["--import", loader]), fileURLToPath(new URL(path, import.meta.url))];
}
