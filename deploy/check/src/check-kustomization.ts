import { posix } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { problem, problemsOf, type Problem } from "./problem.js";

const kustomization = z.strictObject({
  apiVersion: z.enum(["kustomize.config.k8s.io/v1beta1", "kustomize.config.k8s.io/v1alpha1"]),
  kind: z.enum(["Kustomization", "Component"]),
  namespace: z.string().optional(),
  labels: z.array(z.strictObject({ pairs: z.record(z.string(), z.string()), includeSelectors: z.boolean().optional() })).optional(),
  resources: z.array(z.string()).default([]),
  components: z.array(z.string()).default([]),
  images: z.array(z.strictObject({ name: z.string(), newName: z.string(), newTag: z.string() })).default([]),
  patches: z.array(z.strictObject({ patch: z.string() })).default([]),
});

/**
 * A kustomization file without kubectl: its keys, that what it names is there, that every manifest beside it is named, and that every image
 * of ours is given a registry by an overlay.
 */
export function checkKustomization(
  file: string,
  text: string,
  { manifests, images }: { manifests: readonly string[]; images: readonly string[] },
): Problem[] {
  const read = kustomization.safeParse(parse(text));
  if (!read.success) return problemsOf(read.error);
  const folder = posix.dirname(file);
  const { resources, components, images: renamed } = read.data;
  const named = [...resources, ...components].map((path) => posix.join(folder, path));
  const isThere = (path: string): boolean => manifests.includes(path) || manifests.includes(`${path}/kustomization.yaml`);
  const beside = manifests.filter((path) => posix.dirname(path) === folder && path !== file);
  const wanted = folder.includes("/overlays/") ? images : [];
  return [
    ...named.filter((path) => !isThere(path)).map((path) => problem("resources", `${path} does not exist`)),
    ...beside.filter((path) => !named.includes(path)).map((path) => problem("resources", `${path} is not named: nobody would apply it`)),
    ...wanted
      .filter((name) => !renamed.some((image) => image.name === name))
      .map((name) => problem("images", `${name} is given no registry`)),
  ];
}
