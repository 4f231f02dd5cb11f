/**
 * `npm run bench -- <name>`: runs shared/<package>/bench/<name>.bench.ts or services/<name>/bench/<name>.bench.ts, prints its table, then one line of JSON.
 * Exit code 1 when the result is under the goal, 2 when there is no such benchmark.
 */
import { argv, stderr, stdout } from "node:process";
import type { Evaluate } from "./evaluation.js";
import { formatTable } from "./evaluation.js";
import { findPrograms } from "./find-programs.js";
import { rerunBesideServices } from "./rerun-beside-services.js";

const [name = "", ...args] = argv.slice(2);
const benches = findPrograms("bench");
const file = benches.get(name);
if (!file) {
  stderr.write(`npm run bench -- <name>: ${[...benches.keys()].sort().join(", ")}\n`);
  process.exitCode = 2;
} else {
  const { bench, needsServices } = (await import(file.href)) as { bench: Evaluate; needsServices?: boolean };
  const code = needsServices === true ? rerunBesideServices() : undefined;
  if (code !== undefined) process.exit(code);
  const { table, summary, passed, skipped } = await bench(args);
  if (skipped !== undefined) stderr.write(`skipped: ${skipped}\n`);
  if (table.length > 0) stdout.write(`${formatTable(table)}\n`);
  stdout.write(`${JSON.stringify({ bench: name, passed, ...(skipped !== undefined && { skipped }), ...summary })}\n`);
  process.exitCode = passed ? 0 : 1;
}
