/**
 * `npm run bench -- <name>`: runs shared/<package>/bench/<name>.bench.ts, prints one line of JSON.
 * Exit code 1 when the result misses its goal, 2 when there is no such benchmark.
 */
import { existsSync, readdirSync } from "node:fs";
import { argv, stderr, stdout } from "node:process";
import type { Bench } from "./evaluation.js";
import { rerunBesideServices } from "./rerun-beside-services.js";

const shared = new URL("../../", import.meta.url);
const [name = "", ...args] = argv.slice(2);
const files = readdirSync(shared).map((workspace) => new URL(`${workspace}/bench/${name}.bench.ts`, shared));
const file = /^[\w-]+$/.test(name) ? files.find((candidate) => existsSync(candidate)) : undefined;
if (!file) {
  stderr.write("npm run bench -- <name>: the file shared/*/bench/<name>.bench.ts is missing\n");
  process.exitCode = 2;
} else {
  const { bench, needsServices } = (await import(file.href)) as { bench: Bench; needsServices?: boolean };
  const code = needsServices === true ? rerunBesideServices() : undefined;
  if (code !== undefined) process.exit(code);
  const { summary, passed } = await bench(args);
  stdout.write(`${JSON.stringify({ bench: name, passed, ...summary })}\n`);
  process.exitCode = passed ? 0 : 1;
}
