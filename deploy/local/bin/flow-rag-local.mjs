#!/usr/bin/env node
/**
 * `flow-rag-local [--dir DIR] -- <command …>` runs a command beside Redis, MongoDB and Chroma, with their addresses in
 * TEST_REDIS_URL, TEST_MONGO_URI and TEST_CHROMA_URL. What is set already is left alone and not started.
 */
await import("./source.mjs");
const { runBesideServices } = await import("../src/run-beside-services.ts");
process.exit(await runBesideServices(process.argv.slice(2), process.env));
