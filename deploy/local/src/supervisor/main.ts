/** `supervisor <dir> <tools dir>` runs the local services of one folder for as long as somebody holds a lease on them. */
import { createLogger, exitOnSignals, Lifecycle } from "@flow-rag/kernel";
import { superviseServices } from "../supervisor.js";

const [dir = "", toolsDir = ""] = process.argv.slice(2);
const log = createLogger("flow-rag-local", "info");
const lifecycle = new Lifecycle(log, 12_000);
exitOnSignals(lifecycle, log);
await superviseServices({ dir, toolsDir, log, lifecycle });
await lifecycle.close();
process.exit(0);
