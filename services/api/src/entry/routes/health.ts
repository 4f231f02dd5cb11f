import { z } from "zod";
import { defineRoute, json, type Route } from "../route.js";

export type HealthChecks = Readonly<Record<string, (signal: AbortSignal) => Promise<void>>>;
const checkWithinMs = 2_000;
const healthSchema = z.strictObject({ status: z.enum(["ok", "degraded"]), checks: z.record(z.string(), z.enum(["ok", "down"])) });

export const healthRoutes = (checks: HealthChecks): Route[] => [
  defineRoute({
    method: "get",
    path: "/health",
    scope: "anybody",
    tag: "operation",
    summary: "Whether every part answers",
    answers: {
      200: { description: "Every part answers", schema: healthSchema },
      503: { description: "One does not", schema: healthSchema },
    },
    limits: { class: "reads" },
    handle: async () => {
      const states = await checkAll(checks);
      const healthy = Object.values(states).every((state) => state === "ok");
      return json({ status: healthy ? "ok" : "degraded", checks: states }, { status: healthy ? 200 : 503 });
    },
  }),
];

async function checkAll(checks: HealthChecks): Promise<Record<string, "ok" | "down">> {
  const signal = AbortSignal.timeout(checkWithinMs);
  const states = Object.entries(checks).map(async ([name, check]): Promise<[string, "ok" | "down"]> => {
    const late = new Promise<never>((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
    );
    return await Promise.race([check(signal), late]).then(
      () => [name, "ok"],
      () => [name, "down"],
    );
  });
  return Object.fromEntries(await Promise.all(states));
}
