#!/usr/bin/env node
// Runs the workspace's sources as they are: no build step between `npm ci` and the first command.
await import("../../../deploy/local/bin/source.mjs");
await import("../src/main.ts");
