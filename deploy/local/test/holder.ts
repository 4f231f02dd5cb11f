/** `holder <dir> <services>` takes a lease, prints it as JSON and gives it back when stdin closes. */
import { createLogger } from "@flow-rag/kernel";
import { acquireLocalServices, type ServiceName } from "../src/index.js";

const [dir = "", services = ""] = process.argv.slice(2);
const held = await acquireLocalServices({
  dir,
  services: services.split(",") as ServiceName[],
  log: createLogger("holder", "silent"),
  toolsDir: new URL("../../../.flow-rag/tools", import.meta.url).pathname,
});
console.log(JSON.stringify(held));
process.stdin.resume().on("end", () => void held.release().then(() => process.exit(0)));
