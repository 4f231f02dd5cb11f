/**
 * `node --import <this file> some.ts` runs the workspace's TypeScript sources without a build, from any working directory:
 * workspace packages resolve to their src/index.ts (export condition "@flow-rag/source") and types are stripped on the way in.
 * The work is in source-hooks.mjs, which Node runs on its own thread.
 */
import { register } from "node:module";

register("./source-hooks.mjs", import.meta.url);
process.setSourceMapsEnabled(true);
