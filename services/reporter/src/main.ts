import { startService } from "@flow-rag/kernel";
import { schema } from "./config.js";
import { openDeps } from "./deps.js";
import { serve } from "./serve.js";

await startService("reporter", schema, process.env, async (runtime) => serve(runtime, await openDeps(runtime)));
