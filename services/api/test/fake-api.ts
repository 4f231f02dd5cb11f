import type { Scope } from "@flow-rag/contracts";
import type { ApiKey } from "@flow-rag/stores";
import type { Config } from "../src/config.js";
import type { ApiDeps } from "../src/serve.js";

export const httpSettings: Config["http"] = {
  host: "127.0.0.1",
  port: 0,
  loopback: true,
  authDisabled: false,
  trustProxy: false,
  corsOrigins: [],
  publicUrl: undefined,
  perMinute: { questions: 0, reads: 0, jobs: 0, logins: 0 },
  limitsPrefix: "test",
  streamsPerKey: 8,
  streamIdleMs: 60_000,
  keepAliveMs: 75_000,
  headersMs: 15_000,
  requestMs: 60_000,
  leaving: { delayMs: 0, runningMs: 1_000 },
};

const key = (id: string, scopes: readonly Scope[], sources: readonly string[] | null): ApiKey => ({
  id,
  owner: id,
  name: id,
  scopes,
  sources,
  createdAt: new Date(0),
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
});

/** Keys by what is presented, a session for each under the same text; `sources` of those that are limited to some. */
export function fakeKeys(
  known: Readonly<Record<string, readonly Scope[]>> = {},
  sources: Readonly<Record<string, readonly string[]>> = {},
): ApiDeps["keys"] {
  const find = async (presented: string) => (known[presented] ? key(presented, known[presented], sources[presented] ?? null) : undefined);
  return {
    authenticate: find,
    keyOfSession: find,
    exists: async () => Object.keys(known).length > 0,
    openSession: async (id) => ({ token: id, maxAgeMs: 60_000 }),
    closeSession: async () => undefined,
    list: async () => [],
  };
}

const nothing = async (): Promise<never> => {
  throw new Error("nothing to answer from");
};

/** A service whose outside world is empty: no keys, no Redis, nothing to answer from. */
export const fakeDeps = (): ApiDeps => ({
  keys: fakeKeys(),
  count: () => undefined,
  redis: nothing,
  now: () => new Date("2026-05-06T08:00:00Z"),
  version: "test",
  zone: "Europe/Paris",
  publicUrl: undefined,
  sources: ["flows"],
  maxWaiting: 10,
  answer: nothing,
  search: nothing,
  chat: nothing,
  conversations: { list: async () => [], read: nothing, remove: nothing },
  runs: {
    page: async () => [],
    byId: async () => undefined,
    async *all() {},
    sources: async () => [],
  },
  signatures: { list: async () => [] },
  metrics: { query: async () => [] },
  morning: nothing,
  asked: nothing,
  reports: { list: async () => [], read: async () => undefined, readRoute: async () => undefined },
  jobs: { send: nothing, outcome: nothing, depth: nothing },
  gate: { pause: nothing, resume: nothing, isPaused: nothing },
  push: undefined,
  sourceStates: async () => [],
  usage: { list: async () => [] },
  budget: undefined,
  operation: { health: async () => ({ status: "ok", parts: {} }), readiness: nothing, status: nothing, scrape: nothing, selftest: nothing },
});
