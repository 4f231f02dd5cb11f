import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Checked } from "./check-files.js";
import { problem } from "./problem.js";
import { createReplay } from "./replay-image.js";
import { startAndDrain } from "./start-service.js";

type Options = { readonly root: string; readonly folder: string; readonly env: NodeJS.ProcessEnv; readonly say: (line: string) => void };

/** Where each service says that it is ready, and the variable that sets the port. */
const services = {
  producer: { port: "METRICS_PORT", ready: "/ready" },
  worker: { port: "METRICS_PORT", ready: "/ready" },
  reporter: { port: "METRICS_PORT", ready: "/ready" },
  api: { port: "API_PORT", ready: "/ready" },
};

/**
 * The Dockerfile's steps replayed for each service in a folder, from what git would check out; then the service started as its image starts
 * it, beside the services whose addresses are in the environment (`flow-rag-local` sets them), until it is ready, and ended by SIGTERM.
 */
export async function* checkInstall({ root, folder, env, say }: Options): AsyncGenerator<Checked> {
  const context = join(folder, "context");
  const listed = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" }).stdout;
  for (const file of listed.split("\n").filter(Boolean)) {
    await mkdir(dirname(join(context, file)), { recursive: true });
    await cp(join(root, file), join(context, file), { verbatimSymlinks: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error; // deleted, and not yet committed
    });
  }
  const { TEST_REDIS_URL, TEST_MONGO_URI, TEST_CHROMA_URL, NODE_OPTIONS: _ours, ...rest } = env;
  const replay = createReplay(readFileSync(join(root, "deploy/docker/Dockerfile"), "utf8"), {
    context,
    folder: join(folder, "stages"),
    env: rest,
    say,
  });
  const names = { STATE_DB: "flow_rag_check", MONGO_DB: "flows_check", QUEUE_PREFIX: "flow-rag-check", INDEX_PREFIX: "check-" };
  const addresses = { REDIS_URL: TEST_REDIS_URL, MONGO_URI: TEST_MONGO_URI, CHROMA_URL: TEST_CHROMA_URL };
  const running = {
    ...rest,
    ...names,
    ...addresses,
    NODE_ENV: "production",
    EMBEDDER: "lexical",
    AUTH_DISABLED: "true",
    API_HOST: "127.0.0.1",
  };

  for (const [name, paths] of Object.entries(services)) {
    const at = `${name} from a production install`;
    try {
      const image = await replay.stageRoot(name);
      const drainMs = await startAndDrain(`services/${name}/dist/main.js`, { cwd: join(image, "app"), env: running, paths });
      yield { file: `${at}: ready, drained in ${drainMs} ms`, problems: [] };
    } catch (error) {
      yield { file: at, problems: [problem("replay", (error as Error).message)] };
    }
  }
  // A source of one record, and what an operator would do with the image: no other process is running.
  const image = await replay.stageRoot("cli");
  const record = { _id: 1, pipeline_name: "check", tech: "Spark", status: "OK", timestamp: "2026-05-05T08:00:00Z" };
  await writeFile(join(folder, "record.ndjson"), JSON.stringify(record));
  for (const args of [
    ["import", join(folder, "record.ndjson")],
    ["status", "--json"],
    ["keys", "list"],
    ["report", "--dry-run"],
    ["reindex", "--embedder", "lexical"],
  ]) {
    const told = spawnSync(process.execPath, ["services/cli/dist/main.js", ...args], {
      cwd: join(image, "app"),
      env: running,
      encoding: "utf8",
    });
    const problems = told.status === 0 ? [] : [problem(args.join(" "), `exit code ${told.status}\n${told.stderr.slice(-2_000)}`)];
    yield { file: `cli from a production install: ${args[0]}`, problems };
  }
}
