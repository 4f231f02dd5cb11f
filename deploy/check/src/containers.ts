import { parse } from "yaml";
import { z } from "zod";

const compose = z.looseObject({
  services: z.record(
    z.string(),
    z.looseObject({
      environment: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).default({}),
      secrets: z.array(z.string()).default([]),
      volumes: z.array(z.string()).default([]),
      profiles: z.array(z.string()).default([]),
    }),
  ),
  secrets: z.record(z.string(), z.unknown()).default({}),
});
/** The services of the compose file by name, as far as other files depend on them. */
export type Containers = z.output<typeof compose>["services"];

/** The services and the names of the secrets of a compose file; nothing when it is no such file, which the check of the file itself says. */
export function readContainers(text: string): { containers: Containers; secrets: readonly string[] } {
  const { data } = compose.safeParse(parse(text, { merge: true }));
  return { containers: data?.services ?? {}, secrets: Object.keys(data?.secrets ?? {}) };
}
