import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { variablesOf } from "@flow-rag/kernel";
import type { z } from "zod";
import { buildOverlays } from "./build-overlays.js";
import { checkFiles, type Checked } from "./check-files.js";
import { checkInstall } from "./check-install.js";
import { readKnown } from "./known.js";

/**
 * `npm run check:deploy [-- --files] [-- --root DIR]`: the deployment files, then each service from a production install; exit code 1 when
 * anything is wrong. `--files`: the files alone. `--root`: those of another copy of the repository.
 */
const here = fileURLToPath(new URL("../../..", import.meta.url));
const {
  values: { files: filesAlone = false, root = here },
} = parseArgs({ options: { files: { type: "boolean" }, root: { type: "string" } } });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const show = ({ file, problems }: Checked): void => {
  say(`${problems.length === 0 ? "ok  " : "FAIL"} ${file}`);
  for (const { where, message } of problems) say(`       ${where}: ${message}`);
};

const variables = new Set<string>();
for (const service of ["api", "cli", "producer", "reporter", "worker"]) {
  const { schema } = (await import(pathToFileURL(join(here, "services", service, "src/config.ts")).href)) as { schema: z.ZodType };
  for (const name of variablesOf(schema)) variables.add(name);
}
const known = readKnown(root, variables);
const files = [...checkFiles(known), ...buildOverlays(root, known)];
files.forEach(show);
let failed = files.some(({ problems }) => problems.length > 0);
if (!filesAlone) {
  const folder = await mkdtemp(join(tmpdir(), "flow-rag-images-"));
  try {
    for await (const checked of checkInstall({ root, folder, env: process.env, say })) {
      show(checked);
      failed ||= checked.problems.length > 0;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
process.exit(failed ? 1 : 0);
