import { parse } from "yaml";
import { z } from "zod";
import type { Containers } from "./containers.js";
import { problem, problemsOf, type Problem } from "./problem.js";

const datasources = z.strictObject({
  apiVersion: z.literal(1),
  datasources: z.array(
    z.strictObject({ name: z.string(), uid: z.string(), type: z.string(), url: z.url(), isDefault: z.boolean().optional() }),
  ),
});
const providers = z.strictObject({
  apiVersion: z.literal(1),
  providers: z.array(z.strictObject({ name: z.string(), type: z.literal("file"), options: z.strictObject({ path: z.string() }) })),
});

/** One file of Grafana's provisioning: data come from a container that is there, dashboards from a folder that is mounted. */
export function checkProvisioning(text: string, containers: Containers): Problem[] {
  const content: unknown = parse(text);
  if (typeof content === "object" && content !== null && "datasources" in content) {
    const read = datasources.safeParse(content);
    if (!read.success) return problemsOf(read.error);
    return read.data.datasources.flatMap(({ name, url }) =>
      new URL(url).hostname in containers ? [] : [problem(name, `${url}: no such container`)],
    );
  }
  const read = providers.safeParse(content);
  if (!read.success) return problemsOf(read.error);
  const mounted = (containers["grafana"]?.volumes ?? []).map((volume) => volume.split(":")[1] ?? "");
  return read.data.providers.flatMap(({ name, options: { path } }) =>
    mounted.includes(path) ? [] : [problem(name, `${path} is not mounted`)],
  );
}
