import { Ajv2019, type ValidateFunction } from "ajv/dist/2019.js";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { resolveVariables } from "./compose-variables.js";
import { problem, problemsOf, type Problem } from "./problem.js";
import { stopSeconds } from "./stop-seconds.js";

const require = createRequire(import.meta.url);

let compiled: ValidateFunction | undefined;
/** The Compose specification's JSON schema, as the linter dclint carries it; compiling it takes a quarter of a second, so it is done once. */
function composeSchema(): ValidateFunction {
  if (compiled) return compiled;
  const schema = require(join(dirname(require.resolve("dclint/package.json")), "schemas/compose.schema.json")) as object;
  compiled = new Ajv2019({ strict: false, validateSchema: false, validateFormats: false, allErrors: true }).compile(schema);
  return compiled;
}

const names = z
  .union([z.array(z.string()), z.record(z.string(), z.unknown())])
  .transform((value) => (Array.isArray(value) ? value : Object.keys(value)));
const service = z.looseObject({
  image: z.string().optional(),
  build: z.looseObject({ target: z.string(), dockerfile: z.string() }).optional(),
  profiles: z.array(z.string()).default([]),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  healthcheck: z.looseObject({ test: z.unknown() }).optional(),
  stop_grace_period: z.string().default("10s"),
  environment: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  secrets: names.prefault([]),
  networks: names.prefault([]),
  depends_on: z.record(z.string(), z.looseObject({ condition: z.string() })).default({}),
  deploy: z.looseObject({ resources: z.looseObject({ limits: z.looseObject({ cpus: z.string(), memory: z.string() }) }) }).optional(),
});
const file = z.looseObject({
  services: z.record(z.string(), service),
  networks: z.record(z.string(), z.looseObject({ internal: z.boolean().optional() }).nullable()),
  volumes: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.unknown()),
});
type Service = z.output<typeof service>;

/** Databases: they have no login, or one that is ours alone, and are reached from the inside only. */
const kept = ["redis", "mongo", "chroma"];
/** What the services give themselves to stop, in seconds: the default of the lifecycle. */

/**
 * The compose file against the specification's schema and the rules of this deployment.
 * @param variables what flow-rag's processes read; `targets` the stages of the Dockerfile; `settable` the variables that .env.example names.
 */
export function checkCompose(
  text: string,
  known: { variables: ReadonlySet<string>; settable: ReadonlySet<string>; targets: ReadonlySet<string> },
): Problem[] {
  const { resolved, problems } = resolveVariables(text, known.settable);
  const content: unknown = parse(resolved, { merge: true });
  const validate = composeSchema();
  if (!validate(content))
    return [...problems, ...(validate.errors ?? []).map(({ instancePath, message }) => problem(instancePath, message ?? "wrong"))];
  const read = file.safeParse(content);
  if (!read.success) return [...problems, ...problemsOf(read.error)];
  const { services, networks, volumes, secrets } = read.data;
  const declared = {
    networks: new Set(Object.keys(networks)),
    volumes: new Set(Object.keys(volumes)),
    secrets: new Set(Object.keys(secrets)),
  };
  for (const [name, entry] of Object.entries(services)) {
    const at = (part: string, message: string) => problems.push(problem(`services.${name}.${part}`, message));
    checkHardening(name, entry, at);
    if (entry.build) checkOwn(entry, known, at);
    for (const secret of entry.secrets) if (!declared.secrets.has(secret)) at("secrets", `${secret} is not declared`);
    for (const network of entry.networks) if (!declared.networks.has(network)) at("networks", `${network} is not declared`);
    for (const volume of entry.volumes) {
      const [source = ""] = volume.split(":");
      if (!source.startsWith(".") && !declared.volumes.has(source)) at("volumes", `${source} is not declared`);
    }
    for (const [other, { condition }] of Object.entries(entry.depends_on)) {
      if (!services[other]) at("depends_on", `${other} does not exist`);
      if (condition !== "service_healthy") at("depends_on", `${other}: wait for service_healthy, not ${condition}`);
    }
    if (kept.includes(name)) {
      if (entry.ports.length > 0) at("ports", "a database is not published");
      for (const network of entry.networks) if (networks[network]?.internal !== true) at("networks", `${network} is not internal`);
    }
  }
  for (const name of kept) if (!services[name]) problems.push(problem("services", `${name} is missing`));
  return problems;
}

function checkHardening(name: string, entry: Service, at: (part: string, message: string) => void): void {
  if (!entry.cap_drop.includes("ALL")) at("cap_drop", "drop ALL capabilities");
  if (!entry.security_opt.includes("no-new-privileges:true")) at("security_opt", "no-new-privileges:true is missing");
  if (name !== "cli" && !entry.healthcheck) at("healthcheck", "is missing");
  if (name !== "cli" && !entry.deploy) at("deploy.resources.limits", "cpus and memory are missing");
  if (!entry.build && !/:[^:/]*\d[^:/]*$/.test(entry.image ?? "")) at("image", "pin a version");
  for (const port of entry.ports) if (!port.startsWith("127.0.0.1:")) at("ports", `${port}: bind it to 127.0.0.1`);
}

function checkOwn(
  entry: Service,
  { variables, targets }: { variables: ReadonlySet<string>; targets: ReadonlySet<string> },
  at: (part: string, message: string) => void,
): void {
  if (entry.build && !targets.has(entry.build.target)) at("build.target", `the Dockerfile has no stage ${entry.build.target}`);
  if (entry["read_only"] !== true) at("read_only", "must be true");
  const patience = stopSeconds(entry.build?.target ?? "");
  if (Number.parseInt(entry.stop_grace_period, 10) <= patience) at("stop_grace_period", `must be longer than ${patience} s`);
  for (const name of Object.keys(entry.environment))
    if (!variables.has(name.replace(/_FILE$/, "")) && !variables.has(name)) at("environment", `no process reads ${name}`);
}
