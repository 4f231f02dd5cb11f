import { spawnSync } from "node:child_process";
import type { Checked } from "./check-files.js";
import { checkManifests } from "./check-manifests.js";
import type { Known } from "./known.js";
import { problem } from "./problem.js";

/**
 * Each overlay as `kubectl kustomize` builds it, checked as a whole; says so when there is no kubectl, since the files were then only
 * checked one by one. Building needs no cluster.
 */
export function buildOverlays(
  root: string,
  { manifests, variables, waitingList }: Pick<Known, "manifests" | "variables" | "waitingList">,
): Checked[] {
  const folders = manifests
    .filter((file) => /overlays\/[^/]+\/kustomization\.yaml$/.test(file))
    .map((file) => file.replace(/\/[^/]+$/, ""));
  return folders.map((folder) => {
    const built = spawnSync("kubectl", ["kustomize", folder], { cwd: root, encoding: "utf8", timeout: 60_000 });
    if (built.error) return { file: `${folder} (not built: kubectl is not here)`, problems: [] };
    if (built.status !== 0) return { file: folder, problems: [problem("kustomize", built.stderr.trim())] };
    return { file: `${folder} (built)`, problems: checkManifests(built.stdout, { variables, waitingList, whole: true }) };
  });
}
