import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

/** Jest compiles sources itself; a child process of a test needs the loader that commands run with. */
export const nodeArgs: string[] = ["--import", pathToFileURL(resolve(import.meta.dirname, "../../../deploy/local/bin/source.mjs")).href];
