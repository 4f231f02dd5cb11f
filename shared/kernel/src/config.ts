import { readFileSync } from "node:fs";
import { z } from "zod";
import { AppError } from "./errors.js";

/**
 * Reads a process's whole configuration at once. A variable may also come from a file: `NAME_FILE` holds its path, as container
 * secrets want it; a line end after the value is dropped.
 * @throws AppError `misconfigured`, naming every wrong variable and no value.
 */
export function loadConfig<S extends z.ZodType>(schema: S, env: NodeJS.ProcessEnv): z.output<S> {
  // Compose passes an unset variable as "", which must not defeat a default.
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const problems: string[] = [];
  for (const name of variablesOf(schema)) {
    const file = present[`${name}_FILE`];
    if (file === undefined) continue;
    if (present[name] !== undefined) problems.push(`${name}: set twice, here and by ${name}_FILE`);
    else {
      const content = read(file);
      if (content === undefined) problems.push(`${name}_FILE: no such file, or it may not be read`);
      else if (content !== "") present[name] = content;
    }
  }
  const result = schema.safeParse(present);
  if (result.success && problems.length === 0) return result.data;
  const lines = [...problems, ...(result.error?.issues ?? []).map((issue) => `${issue.path.join(".")}: ${inWords(issue)}`)];
  throw new AppError("misconfigured", `Invalid environment:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

/** zod's own words speak of types; an operator is told what to write. A schema's own message stays. */
function inWords(issue: z.core.$ZodIssue): string {
  if (!/^(Invalid|Too|Unrecognized)/.test(issue.message)) return issue.message;
  if (issue.code === "invalid_type") {
    if (/received undefined$/.test(issue.message)) return "is missing";
    if (issue.expected === "int") return "must be a whole number";
    return issue.expected === "number" ? "must be a number" : `must be of type ${issue.expected}`;
  }
  if (issue.code === "too_small") return `must be at least ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === "too_big") return `must be at most ${issue.maximum}${unitOf(issue.origin)}`;
  if (issue.code === "invalid_value") return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
  if (issue.code === "unrecognized_keys") return `${issue.keys.join(", ")}: not known here`;
  return "is not as it must be: .env.example shows how";
}
const unitOf = (origin: string): string => (origin === "string" ? " characters long" : origin === "array" ? " items long" : "");

/** Names of the variables that a schema reads: an object, or an object piped into transforms. */
export function variablesOf(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodPipe) return variablesOf(schema.in as z.ZodType);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trimEnd();
  } catch {
    return undefined;
  }
}
