import { spawnSync } from "node:child_process";
import { argv, env, execPath } from "node:process";
import { fileURLToPath } from "node:url";

/** Runs this same command again beside Redis, MongoDB and Chroma, unless their addresses are given already. Undefined when they are. */
export function rerunBesideServices(): number | undefined {
  if (env["TEST_REDIS_URL"] && env["TEST_MONGO_URI"] && env["TEST_CHROMA_URL"]) return undefined;
  const bin = (file: string) => fileURLToPath(new URL(`../../../deploy/local/bin/${file}`, import.meta.url));
  const again = [bin("flow-rag-local.mjs"), "--", execPath, "--import", bin("source.mjs"), ...argv.slice(1)];
  return spawnSync(execPath, again, { stdio: "inherit" }).status ?? 1;
}
