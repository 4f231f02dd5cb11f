import { type z } from "zod";
import { AppError } from "./errors.js";

/**
 * Reads a process's whole configuration at once.
 * @throws AppError `misconfigured`, naming every wrong variable and no value.
 */
export function loadConfig<S extends z.ZodType>(schema: S, env: NodeJS.ProcessEnv): z.output<S> {
  // Compose passes an unset variable as "", which must not defeat a default.
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const result = schema.safeParse(present);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
  throw new AppError("misconfigured", `Invalid environment:\n${lines.join("\n")}`);
}
