import { startService } from "@flow-rag/kernel";
import { schema } from "../src/config.js";
import { openDeps } from "../src/deps.js";
import type { WriteContent } from "../src/domain/write-report.js";
import { serve } from "../src/serve.js";
import { sampleReport } from "./sample-report.js";

/** A report whose content is given: what is under test is its way out. */
const write: WriteContent = async ({ date, from, to }) => ({
  report: { from: from.toISOString(), to: to.toISOString() },
  routes: [{ route: { name: "default", slack: [], email: [] }, rendered: sampleReport(`report of ${date}`) }],
});
await startService("reporter", schema, process.env, async (runtime) => serve(runtime, await openDeps(runtime, write)));
