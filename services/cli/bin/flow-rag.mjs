#!/usr/bin/env node
// Runs the workspace's sources as they are: no build step between `npm ci` and the first command.
const loader = import.meta.resolve("../../../deploy/local/bin/source.mjs");
await import(loader);
process.execArgv.push("--import", loader); // what it starts runs from sources too: without it a question has no embedding model
await import("../src/main.ts");
