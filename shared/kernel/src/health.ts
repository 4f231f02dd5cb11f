import { AppError } from "./errors.js";
import { redact } from "./redact.js";

/** How one part of a process is. `waiting`: for something outside, which a restart would not mend; `stuck`: only a restart may mend it. */
export type PartHealth = { readonly status: "ok" | "waiting" | "stuck"; readonly reason?: string };
export type PartCheck = (signal: AbortSignal) => Promise<PartHealth>;
/** `wedged` names at least one stuck part, `degraded` at least one that waits. */
export type Health = { readonly status: "ok" | "degraded" | "wedged"; readonly parts: Readonly<Record<string, PartHealth>> };

/** Whether a process still does its work. A check that fails or is late is a part that waits: it could not be looked at. */
export async function checkHealth(parts: Readonly<Record<string, PartCheck>>, withinMs = 3_000): Promise<Health> {
  const signal = AbortSignal.timeout(withinMs);
  const found = await Promise.all(
    Object.entries(parts).map(async ([name, check]): Promise<readonly [string, PartHealth]> => {
      const unknown: PartHealth = { status: "waiting", reason: "could not be looked at" };
      return [
        name,
        (await within(
          signal,
          check(signal).catch(() => undefined),
        )) ?? unknown,
      ];
    }),
  );
  const has = (status: PartHealth["status"]) => found.some(([, part]) => part.status === status);
  return { status: has("stuck") ? "wedged" : has("waiting") ? "degraded" : "ok", parts: Object.fromEntries(found) };
}

/** Rejects when the dependency does not answer. */
export type DependencyCheck = (signal: AbortSignal) => Promise<unknown>;
/** `ms` is how long the answer took, or was waited for; `reason` what is wrong. */
export type ReadinessCheck = { readonly status: "ok" | "down"; readonly ms: number; readonly reason?: string };
/** `reason` is what no check says. */
export type Readiness = {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  readonly reason?: string;
};

/**
 * Whether everything a process depends on answers, looked at with a limit and remembered for a while: probes come often and from many sides.
 * Times in milliseconds; `now` is any clock that does not go back.
 */
export function createReadiness(
  checks: Readonly<Record<string, DependencyCheck>>,
  { withinMs = 1_000, keepMs = 5_000, now = () => performance.now() }: { withinMs?: number; keepMs?: number; now?: () => number } = {},
): () => Promise<Readiness> {
  let last: { at: number; found: Promise<Readiness> } | undefined;
  const look = async (): Promise<Readiness> => {
    const signal = AbortSignal.timeout(withinMs);
    const found = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const from = now();
        const answer = check(signal).then(
          () => "",
          (thrown: unknown) => reasonOf(thrown, signal),
        );
        const reason = (await within(signal, answer)) ?? silent;
        const ms = Math.round(now() - from);
        return [name, reason === "" ? { status: "ok" as const, ms } : { status: "down" as const, ms, reason }] as const;
      }),
    );
    return { ready: found.every(([, { status }]) => status === "ok"), checks: Object.fromEntries(found) };
  };
  return async () => {
    if (last === undefined || now() - last.at >= keepMs) last = { at: now(), found: look() };
    return await last.found;
  };
}

const silent = "does not answer in time";
const maxReason = 200;

/** An error of ours says what is wrong; a vendor's own words may hold an address. */
const reasonOf = (thrown: unknown, signal: AbortSignal): string => {
  if (signal.aborted) return silent;
  return thrown instanceof AppError ? redact(thrown.message).slice(0, maxReason) : "does not answer";
};

/** Undefined when the signal aborts first. */
async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  const done = new AbortController(); // takes the listener off again
  const late = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined), { once: true, signal: done.signal });
  });
  return await Promise.race([work, late]).finally(() => done.abort());
}
