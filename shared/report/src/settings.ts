import { anomalyFields } from "@flow-rag/insights";
import { AppError, parse } from "@flow-rag/kernel";
import { readFile } from "node:fs/promises";
import { parse as parseYaml } from "yaml";
import { z } from "zod";

const pattern = z.string().min(1).max(200);
const name = z.string().trim().min(1).max(80);
const channel = z.string().regex(/^[CGD][A-Z0-9]{5,20}$/, "must be a Slack channel id such as C0123ABCD");
const routeName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "must be lower case letters, digits and hyphens");

/**
 * The one YAML file of settings: about anomalies, and who is told what. A pattern is a name in which `*` stands for anything.
 * A team owns pipelines by their name or by the owner that their records name; of several teams the first that matches is shown.
 * A route is sent the part of a report that is about its teams, pipelines and owners; without any of them, what no other route takes.
 */
export const settings = z
  .strictObject({
    ...anomalyFields,
    teams: z
      .array(
        z.strictObject({
          name,
          pipelines: z.array(pattern).default([]),
          owners: z.array(pattern).default([]),
          /** Mentioned in Slack for what is new: a user (U…, W…) or a user group (S…). */
          mention: z
            .string()
            .regex(/^[UWS][A-Z0-9]{5,20}$/, "must be a Slack user or user group id such as U0123ABCD or S0123ABCD")
            .optional(),
        }),
      )
      .default([]),
    routes: z
      .array(
        z.strictObject({
          name: routeName,
          teams: z.array(name).default([]),
          pipelines: z.array(pattern).default([]),
          owners: z.array(pattern).default([]),
          slack: z.array(channel).default([]),
          email: z.array(z.email()).default([]),
        }),
      )
      .default([]),
  })
  .superRefine(({ teams, routes }, context) => {
    const known = new Set(teams.map((team) => team.name));
    const issue = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    if (known.size < teams.length) issue(["teams"], "every team needs a name of its own");
    if (new Set(routes.map((route) => route.name)).size < routes.length) issue(["routes"], "every route needs a name of its own");
    routes.forEach((route, index) => {
      for (const team of route.teams) if (!known.has(team)) issue(["routes", index, "teams"], `there is no team ${team}`);
    });
  })
  .prefault({});
export type Settings = z.output<typeof settings>;

const maxBytes = 1_048_576;

/** What holds where a file says nothing. */
type Defaults = { readonly regressedAfterDays?: number };

/**
 * The settings of a YAML file; without a file the defaults.
 * @throws AppError `invalid_input` when it cannot be read, is no YAML or breaks a rule, naming the field.
 */
export async function readSettings(file: string | undefined, { regressedAfterDays }: Defaults = {}): Promise<Settings> {
  const defaults = regressedAfterDays === undefined ? {} : { regressedAfterDays };
  if (file === undefined) return settings.parse(defaults);
  let content: unknown;
  try {
    const text = await readFile(file, "utf8");
    if (text.length > maxBytes) throw new Error("longer than 1 MiB");
    // Aliases could grow a small file without bound.
    content = parseYaml(text, { maxAliasCount: 0 }) ?? {};
  } catch (cause) {
    throw new AppError("invalid_input", `${file}: not readable YAML (${(cause as Error).message.split("\n")[0] ?? ""})`, { cause });
  }
  const isObject = typeof content === "object" && content !== null && !Array.isArray(content);
  return parse(settings, isObject ? { ...defaults, ...(content as object) } : content, file);
}
