import { startService } from "@flow-rag/kernel";
import { schema } from "./config.js";
import { serve } from "./serve.js";

await startService("reporter", schema, process.env, serve);
