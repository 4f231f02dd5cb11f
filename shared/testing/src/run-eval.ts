/**
 * `npm run eval -- <name>`: runs shared/<package>/eval/<name>.eval.ts, prints its table, then one line of JSON.
 * Exit code 1 when the result is under the gate, 2 when there is no such evaluation.
 */
import { readdirSync } from "node:fs";
import { argv, stderr, stdout } from "node:process";
import type { Evaluate } from "./evaluation.js";
import { formatTable } from "./evaluation.js";

const shared = new URL("../../", import.meta.url);

function findEvaluations(): Map<string, URL> {
  const found = new Map<string, URL>();
  for (const { name: workspace } of readdirSync(shared, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    const folder = new URL(`${workspace}/eval/`, shared);
    for (const file of filesIn(folder).filter((name) => name.endsWith(".eval.ts"))) {
      found.set(file.slice(0, -".eval.ts".length), new URL(file, folder));
    }
  }
  return found;
}

function filesIn(folder: URL): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // a package without evaluations
  }
}

const [name = "", ...args] = argv.slice(2);
const evaluations = findEvaluations();
const file = evaluations.get(name);
if (!file) {
  stderr.write(`npm run eval -- <name>: ${[...evaluations.keys()].sort().join(", ")}\n`);
  process.exitCode = 2;
} else {
  const { evaluate } = (await import(file.href)) as { evaluate: Evaluate };
  const { table, summary, passed, skipped } = await evaluate(args);
  if (skipped !== undefined) stderr.write(`skipped: ${skipped}\n`);
  if (table.length > 0) stdout.write(`${formatTable(table)}\n`);
  stdout.write(`${JSON.stringify({ eval: name, passed, ...(skipped !== undefined && { skipped }), ...summary })}\n`);
  process.exitCode = passed ? 0 : 1;
}
