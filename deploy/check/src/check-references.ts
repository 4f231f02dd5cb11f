import { z } from "zod";
import { podTemplate, type Manifest } from "./manifest.js";
import { problem, type Problem } from "./problem.js";

const labelKey = "app.kubernetes.io/name";
const selector = z.looseObject({
  matchLabels: z.record(z.string(), z.string()).default({}),
  matchExpressions: z.array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) })).default([]),
});
const peers = z
  .array(
    z.looseObject({
      from: z.array(z.looseObject({ podSelector: selector.optional() })).default([]),
      ports: z.array(z.looseObject({ port: z.union([z.string(), z.number()]) })).default([]),
    }),
  )
  .default([]);
const spec = z.looseObject({
  selector: z.unknown().optional(),
  podSelector: selector.optional(),
  scaleTargetRef: z.looseObject({ name: z.string() }).optional(),
  ingress: peers,
});

/**
 * What the documents of a whole overlay say of each other. Selectors, targets and ports that name nothing are silent in a cluster: a budget
 * that protects no pod, a policy that guards none, a door that leads nowhere.
 */
export function checkReferences(manifests: readonly Manifest[]): Problem[] {
  const workloads = manifests
    .filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet")
    .map((entry) => {
      const template = podTemplate.safeParse((entry["spec"] as { template?: unknown }).template).data;
      const ports = template?.spec.containers.flatMap((container) => container.ports.map(({ name }) => name)) ?? [];
      return { name: entry.metadata.name, labels: template?.metadata.labels ?? {}, ports };
    });
  const named = (name: string) => workloads.filter(({ labels }) => labels[labelKey] === name);
  /** Workloads that a selector is about, and names in it that are nobody's. */
  const read = (given: unknown) => {
    const { matchLabels = {}, matchExpressions = [] } = selector.safeParse(given ?? {}).data ?? {};
    const listed = matchExpressions.filter(({ key, operator }) => key === labelKey && operator === "In").flatMap(({ values }) => values);
    const chosen = workloads.filter(
      ({ labels }) =>
        Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
        (listed.length === 0 || listed.includes(labels[labelKey] ?? "")),
    );
    return { chosen, unknown: listed.filter((name) => named(name).length === 0) };
  };
  return manifests.flatMap((entry): Problem[] => {
    const where = `${entry.kind}/${entry.metadata.name}`;
    const data = spec.safeParse(entry["spec"] ?? {}).data;
    if (!data) return [];
    const selects = (given: unknown): Problem[] => {
      const { chosen, unknown } = read(given);
      return [
        ...(chosen.length === 0 ? [problem(where, "selects no pod")] : []),
        ...unknown.map((name) => problem(where, `there is no pod ${name}`)),
      ];
    };
    if (entry.kind === "PodDisruptionBudget") return selects(data.selector);
    if (entry.kind === "Service") return selects({ matchLabels: data.selector });
    if (entry.kind === "NetworkPolicy") {
      const guarded = read(data.podSelector).chosen;
      return [
        ...selects(data.podSelector),
        ...data.ingress.flatMap(({ from, ports }) => [
          ...from.flatMap(({ podSelector }) => (podSelector ? selects(podSelector) : [])),
          ...ports.flatMap(({ port }) =>
            typeof port === "number" || guarded.every((workload) => workload.ports.includes(port))
              ? []
              : [problem(where, `not every pod that it guards has a port ${port}`)],
          ),
        ]),
      ];
    }
    if (data.scaleTargetRef && !workloads.some(({ name }) => name === data.scaleTargetRef?.name))
      return [problem(where, "scales nothing that is here")];
    return [];
  });
}
