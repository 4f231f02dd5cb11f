import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ErrorKind } from "@flow-rag/kernel";
import type { ProcessIdentity } from "./process-identity.js";
import type { ServiceName } from "./service.js";

/** What `<dir>/local.json` says: where the supervisor of this folder listens, and the secret that proves access to the folder. */
export type SupervisorState = ProcessIdentity & { port: number; token: string };

/** One JSON object a line, both ways. A connection that was answered with `urls` is a lease until it closes. */
export type ClientMessage = { token: string; services: ServiceName[] } | { release: true };
export type ServerMessage =
  | { urls: Partial<Record<ServiceName, string>>; notices: readonly string[] }
  | { error: { kind: ErrorKind; message: string } }
  | { released: true };

export const stateFileOf = (dir: string): string => join(dir, "local.json");
export const lockFileOf = (dir: string): string => join(dir, "local.lock");
export const logFileOf = (dir: string): string => join(dir, "local.log");

/** Undefined when nobody wrote it, or it is not ours to read. */
export async function readState(dir: string): Promise<SupervisorState | undefined> {
  const text = await readFile(stateFileOf(dir), "utf8").catch(() => "");
  try {
    const state = JSON.parse(text) as SupervisorState;
    return typeof state.pid === "number" && typeof state.port === "number" && typeof state.token === "string" ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all, readable by this user only: a reader may look at any moment. */
export async function writeState(dir: string, state: SupervisorState): Promise<void> {
  const draft = `${stateFileOf(dir)}.${state.pid}`;
  await writeFile(draft, JSON.stringify(state), { mode: 0o600 });
  await rename(draft, stateFileOf(dir));
}
