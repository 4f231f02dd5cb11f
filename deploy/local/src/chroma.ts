import { join } from "node:path";
import { bundledBinding, installedBinding } from "./chroma-binding.js";
import { onFreePort, startManaged } from "./managed-process.js";
import type { LocalService, StartOptions } from "./service.js";
import { sourceChild } from "./source-child.js";

/**
 * A Chroma server on a loopback port: the one inside the chromadb package, or an older one that npm installs once into `toolsDir`
 * (default `<dir>/tools`) where the system is too old for it.
 * @throws AppError `misconfigured` when there is no server for this machine, `upstream_unavailable` when it does not start.
 */
export async function startChroma(options: StartOptions & { toolsDir?: string }): Promise<LocalService> {
  const { dir, log, toolsDir = join(dir, "tools") } = options;
  const bundled = bundledBinding();
  if (bundled === undefined) return await startWith(await installedBinding(toolsDir, log), options);
  return await startWith(bundled, options).catch(async () => await startWith(await installedBinding(toolsDir, log), options));
}

async function startWith(binding: string, { dir, port, log, onExit }: StartOptions): Promise<LocalService> {
  const dataDir = join(dir, "chroma");
  return await onFreePort(port, async (port) => {
    const url = `http://127.0.0.1:${port}`;
    const runner = sourceChild("chroma-runner", [binding, "run", "--path", dataDir, "--host", "127.0.0.1", "--port", String(port)]);
    // The Rust server sends nothing home; traces go out only when CHROMA_OPEN_TELEMETRY__ENDPOINT is set (Chroma's observability
    // guide), so it inherits no environment. ANONYMIZED_TELEMETRY is the opt-out of the older Python server.
    const env = { ANONYMIZED_TELEMETRY: "False", HOME: dataDir };
    const probe = () => heartbeat(url);
    const chroma = await startManaged({ name: "chroma", dataDir, ...runner, env, probe, log, onExit });
    return { url, port, ...chroma };
  });
}

async function heartbeat(url: string): Promise<void> {
  const { ok } = await fetch(`${url}/api/v2/heartbeat`, { signal: AbortSignal.timeout(1000) });
  if (!ok) throw new Error("not ready");
}
