import type { Logger } from "@flow-rag/kernel";

export const serviceNames = ["redis", "mongo", "chroma"] as const;
export type ServiceName = (typeof serviceNames)[number];

/** A running local service. `stop` may be called twice; data stays on disk. */
export type LocalService = { url: string; port: number; pid?: number; stop(): Promise<void> };

/**
 * `dir` holds the data of every service, each in a folder of its own name. A port of 0 or undefined means a free one on 127.0.0.1.
 * `onExit` is called when the service ends although nobody called `stop`.
 */
export type StartOptions = { dir: string; port?: number; log: Logger; onExit?: () => void };
