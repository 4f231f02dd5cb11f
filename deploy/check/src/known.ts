import { recordsEmbed } from "@flow-rag/contracts";
import { createLogger, createMetrics } from "@flow-rag/kernel";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExportedMetrics } from "./check-queries.js";

/** What the repository says about itself, which the deployment files must agree with. `variables`: what flow-rag's processes read. */
export function readKnown(root: string, variables: ReadonlySet<string>) {
  const read = (path: string): string => readFileSync(join(root, path), "utf8");
  const metrics = createMetrics({ log: createLogger("check", "silent") });
  const exported: ExportedMetrics = new Map(metrics.describe().map(({ name, labels }) => [name, new Set(labels)]));
  metrics.close();
  const filesIn = (folder: string, ending: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(ending))
      .map((path) => `${folder}/${path}`);
  return {
    read,
    exists: (path: string): boolean => existsSync(join(root, path)),
    variables,
    settable: new Set([...read(".env.example").matchAll(/^# ([A-Z][A-Z0-9_]+)=/gm)].map(([, name = ""]) => name)),
    exported,
    workspaces: ["shared", "services", "deploy"].flatMap((folder) =>
      readdirSync(join(root, folder))
        .map((name) => `${folder}/${name}`)
        .filter((path) => existsSync(join(root, path, "package.json"))),
    ),
    manifests: filesIn("deploy/kubernetes", ".yaml"),
    /** Where BullMQ keeps the batches that wait, under the default QUEUE_PREFIX. Source: bullmq, classes/queue-keys.ts. */
    waitingList: `flow-rag:${recordsEmbed.name}:wait`,
    guides: ["README.md", ...readdirSync(join(root, "docs")).flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : []))],
    provisioning: filesIn("deploy/grafana/provisioning", ".yml"),
    dashboards: filesIn("deploy/grafana/dashboards", ".json"),
  };
}
export type Known = ReturnType<typeof readKnown>;
