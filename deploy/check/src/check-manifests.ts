import { createRequire } from "node:module";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { checkReferences } from "./check-references.js";
import { manifest, podTemplate, type Manifest } from "./manifest.js";
import { problem, type Problem } from "./problem.js";
import { stopSeconds } from "./stop-seconds.js";

const require = createRequire(import.meta.url);

/** What KEDA's own schema says of the parts that are used here. Source: keda.sh, ScaledObject specification. */
const keda: Record<string, z.ZodType> = {
  ScaledObject: z.strictObject({
    apiVersion: z.literal("keda.sh/v1alpha1"),
    kind: z.string(),
    metadata: z.looseObject({ name: z.string() }),
    spec: z.strictObject({
      scaleTargetRef: z.strictObject({ name: z.string(), kind: z.string().optional(), apiVersion: z.string().optional() }),
      pollingInterval: z.number().int().positive().optional(),
      cooldownPeriod: z.number().int().nonnegative().optional(),
      minReplicaCount: z.number().int().nonnegative().optional(),
      maxReplicaCount: z.number().int().positive().optional(),
      advanced: z.looseObject({}).optional(),
      triggers: z
        .array(
          z.strictObject({
            type: z.string(),
            metadata: z.record(z.string(), z.string("trigger metadata are strings")),
            authenticationRef: z.strictObject({ name: z.string() }).optional(),
          }),
        )
        .min(1),
    }),
  }),
  TriggerAuthentication: z.strictObject({
    apiVersion: z.literal("keda.sh/v1alpha1"),
    kind: z.string(),
    metadata: z.looseObject({ name: z.string() }),
    spec: z.strictObject({ secretTargetRef: z.array(z.strictObject({ parameter: z.string(), name: z.string(), key: z.string() })) }),
  }),
};
const ownProbes = new Set(["api", "producer", "worker", "reporter"]);

/**
 * A built overlay (`kustomize build`) or a single file: each document against the schema of its kind, then the rules of this deployment.
 * `whole` says that all documents are there, so that references between them can be checked.
 * @param variables what flow-rag's processes read: a ConfigMap may set nothing else; `waitingList` the list that KEDA measures.
 */
export function checkManifests(
  text: string,
  { variables, waitingList, whole }: { variables: ReadonlySet<string>; waitingList: string; whole: boolean },
): Problem[] {
  const problems: Problem[] = [];
  const manifests: Manifest[] = [];
  for (const document of parseAllDocuments(text)) {
    for (const error of document.errors) problems.push(problem("yaml", error.message));
    const content: unknown = document.toJS();
    if (content === null) continue;
    if (typeof content === "object" && String((content as { apiVersion?: unknown }).apiVersion).startsWith("kustomize.")) continue;
    const read = manifest.safeParse(content);
    if (!read.success)
      problems.push(problem("document", `no Kubernetes object: ${read.error.issues.map(({ path }) => path.join(".")).join(", ")}`));
    else manifests.push(read.data);
  }
  for (const entry of manifests) {
    const where = `${entry.kind}/${entry.metadata.name}`;
    problems.push(...checkSchema(entry, where));
    problems.push(...checkPods(entry, where));
    if (entry.kind === "ScaledObject" && !JSON.stringify(entry).includes(`"listName":"${waitingList}"`))
      problems.push(problem(where, `the list of batches that wait is ${waitingList}`));
    if (entry.kind === "ConfigMap")
      for (const name of Object.keys(entry["data"] ?? {}))
        if (!variables.has(name)) problems.push(problem(where, `no process reads ${name}`));
  }
  if (whole) problems.push(...checkReferences(manifests));
  return problems;
}

function checkSchema(entry: Manifest, where: string): Problem[] {
  const own = keda[entry.kind];
  if (own) return (own.safeParse(entry).error?.issues ?? []).map(({ path, message }) => problem(`${where} ${path.join(".")}`, message));
  const model = modelOf(entry);
  if (!model) return [problem(where, `${entry.apiVersion} ${entry.kind} is not a kind of Kubernetes`)];
  try {
    new model(entry).validate();
    return [];
  } catch (error) {
    return [problem(where, (error as Error).message)];
  }
}

type Model = new (data: unknown) => { validate(): void };

function modelOf({ apiVersion, kind }: Manifest): Model | undefined {
  try {
    return (require(`kubernetes-models/${apiVersion}/${kind}`) as Record<string, Model>)[kind];
  } catch {
    return undefined;
  }
}

function checkPods(entry: Manifest, where: string): Problem[] {
  if (entry.kind !== "Deployment" && entry.kind !== "StatefulSet") return [];
  const read = podTemplate.safeParse((entry["spec"] as { template?: unknown }).template);
  if (!read.success) return read.error.issues.map(({ path, message }) => problem(`${where} template.${path.join(".")}`, message));
  const { spec } = read.data;
  const problems: Problem[] = [];
  if (spec.securityContext.runAsNonRoot !== true) problems.push(problem(where, "runAsNonRoot is missing"));
  const serves = spec.containers.some(({ ports }) => ports.length > 0); // a pod where commands are typed has nothing to drain or to probe
  const patience = stopSeconds(entry.metadata.name);
  if (serves && spec.terminationGracePeriodSeconds <= patience)
    problems.push(problem(where, `terminationGracePeriodSeconds: more than ${patience}`));
  for (const container of spec.containers) {
    const at = `${where} ${container.name}`;
    if (serves && !(container.readinessProbe && container.livenessProbe))
      problems.push(problem(at, "a readiness and a liveness probe are wanted"));
    for (const { httpGet, tcpSocket } of [container.readinessProbe, container.livenessProbe, container.startupProbe].filter(
      (one) => !!one,
    )) {
      const { port } = httpGet ?? tcpSocket ?? {};
      if (typeof port === "string" && !container.ports.some(({ name }) => name === port))
        problems.push(problem(at, `a probe asks port ${port}, which the container does not have`));
      if (ownProbes.has(container.name) && !/^\/(health|ready)(\?of=process)?$/.test(httpGet?.path ?? ""))
        problems.push(problem(at, `${httpGet?.path} is no probe of ours`));
    }
    if (container.securityContext.readOnlyRootFilesystem !== true) problems.push(problem(at, "readOnlyRootFilesystem must be true"));
    if (!container.resources?.limits || !container.resources.requests)
      problems.push(problem(at, "resource requests and limits are wanted"));
    if (container.securityContext.allowPrivilegeEscalation !== false) problems.push(problem(at, "allowPrivilegeEscalation must be false"));
    if (!container.securityContext.capabilities?.drop.includes("ALL")) problems.push(problem(at, "drop ALL capabilities"));
    if (container.image.endsWith(":latest")) problems.push(problem(at, "pin the image's version"));
  }
  return problems;
}
