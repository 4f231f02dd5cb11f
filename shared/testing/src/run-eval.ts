/**
 * `npm run eval -- <name>`: runs shared/<package>/eval/<name>.eval.ts, prints its table, then one line of JSON.
 * Exit code 1 when the result is under the gate, 2 when there is no such evaluation.
 */
import { argv, stderr, stdout } from "node:process";
import type { Evaluate } from "./evaluation.js";
import { formatTable } from "./evaluation.js";
import { findPrograms } from "./find-programs.js";
import { rerunBesideServices } from "./rerun-beside-services.js";

const [name = "", ...args] = argv.slice(2);
const evaluations = findPrograms("eval");
const file = evaluations.get(name);
if (!file) {
  stderr.write(`npm run eval -- <name>: ${[...evaluations.keys()].sort().join(", ")}\n`);
  process.exitCode = 2;
} else {
  const { evaluate, needsServices } = (await import(file.href)) as { evaluate: Evaluate; needsServices?: boolean };
  const code = needsServices === true ? rerunBesideServices() : undefined;
  if (code !== undefined) process.exit(code);
  const { table, more = [], summary, passed, skipped } = await evaluate(args);
  if (skipped !== undefined) stderr.write(`skipped: ${skipped}\n`);
  const tables = [table, ...more].filter((one) => one.length > 0).map(formatTable);
  if (tables.length > 0) stdout.write(`${tables.join("\n\n")}\n`);
  stdout.write(`${JSON.stringify({ eval: name, passed, ...(skipped !== undefined && { skipped }), ...summary })}\n`);
  process.exitCode = passed ? 0 : 1;
}
