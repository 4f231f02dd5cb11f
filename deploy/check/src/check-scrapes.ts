import { parse } from "yaml";
import { z } from "zod";
import type { Containers } from "./containers.js";
import { problem, problemsOf, type Problem } from "./problem.js";

const portOf = (container: Containers[string] | undefined): string =>
  String(container?.environment["METRICS_PORT"] ?? container?.environment["API_PORT"] ?? "none");

const scrapes = z.strictObject({
  global: z.strictObject({ scrape_interval: z.string(), evaluation_interval: z.string().optional() }),
  rule_files: z.array(z.string()),
  scrape_configs: z.array(
    z.strictObject({
      job_name: z.string(),
      authorization: z.strictObject({ credentials_file: z.string() }).optional(),
      static_configs: z.array(z.strictObject({ targets: z.array(z.string()) })).default([]),
      dns_sd_configs: z.array(z.strictObject({ names: z.array(z.string()), type: z.literal("A"), port: z.number() })).default([]),
    }),
  ),
});

/** Prometheus' configuration for the compose file: its keys, and that every target is a container with metrics on that port. */
export function checkScrapes(
  text: string,
  { containers, exists }: { containers: Containers; exists: (path: string) => boolean },
): Problem[] {
  const read = scrapes.safeParse(parse(text));
  if (!read.success) return problemsOf(read.error);
  const { rule_files: rules, scrape_configs: jobs } = read.data;
  const secrets = containers["prometheus"]?.secrets ?? [];
  return [
    ...rules.filter((file) => !exists(`deploy/prometheus/${file}`)).map((file) => problem("rule_files", `${file} does not exist`)),
    ...["api", "producer", "worker", "reporter"]
      .filter((name) => !jobs.some(({ job_name }) => job_name === name))
      .map((name) => problem("scrape_configs", `nobody asks ${name}`)),
    ...jobs.flatMap(({ job_name: job, authorization, static_configs: fixed, dns_sd_configs: found }) => {
      const targets = [
        ...fixed.flatMap((one) => one.targets.map((target) => target.split(":"))),
        ...found.flatMap(({ names, port }) => names.map((name) => [name, String(port)])),
      ];
      const secret = authorization?.credentials_file.replace("/run/secrets/", "");
      return [
        ...(secret !== undefined && !secrets.includes(secret) ? [problem(job, `prometheus is not given the secret ${secret}`)] : []),
        ...targets.flatMap(([name = "", port]) =>
          portOf(containers[name]) === port
            ? []
            : [problem(job, `${name} has its metrics on port ${portOf(containers[name])}, not ${port}`)],
        ),
      ];
    }),
  ];
}
