import type { RequestHandler } from "express";

export type HealthChecks = Readonly<Record<string, (signal: AbortSignal) => Promise<void>>>;
const checkWithinMs = 2_000;

/** GET /health: 200 while every part answers, else 503 naming the ones that do not. */
export const health =
  (checks: HealthChecks): RequestHandler =>
  async (_req, res) => {
    const signal = AbortSignal.timeout(checkWithinMs);
    const states = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const late = new Promise<never>((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
        );
        return [
          name,
          await Promise.race([check(signal), late]).then(
            () => "ok",
            () => "down",
          ),
        ] as const;
      }),
    );
    const healthy = states.every(([, state]) => state === "ok");
    res.status(healthy ? 200 : 503).json({ status: healthy ? "ok" : "degraded", checks: Object.fromEntries(states) });
  };
