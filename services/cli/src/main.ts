import { existsSync } from "node:fs";
import { run } from "./program.js";

if (existsSync(".env")) process.loadEnvFile(".env"); // what is set already wins
process.exitCode = await run(process.argv.slice(2), process.env);
