import { existsSync } from "node:fs";
import { ignoreClosedPipe } from "./adapters/terminal.js";
import { run } from "./program.js";

for (const stream of [process.stdout, process.stderr]) ignoreClosedPipe(stream);
if (existsSync(".env")) process.loadEnvFile(".env"); // what is set already wins
process.exitCode = await run(process.argv.slice(2), process.env);
