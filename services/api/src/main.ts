import { startService } from "@flow-rag/kernel";
import { schema } from "./config.js";
import { openDeps } from "./deps.js";
import { serve } from "./serve.js";

await startService("api", schema, process.env, async (runtime) => void (await serve(runtime, await openDeps(runtime))));
