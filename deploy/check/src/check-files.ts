import { checkCompose } from "./check-compose.js";
import { checkDockerfile, stagesOf } from "./check-dockerfile.js";
import { checkEnvExample } from "./check-env-example.js";
import { checkManifests } from "./check-manifests.js";
import { checkAlerts, checkDashboard } from "./check-queries.js";
import type { Known } from "./known.js";
import type { Problem } from "./problem.js";

export type Checked = { readonly file: string; readonly problems: readonly Problem[] };
const targets = ["api", "producer", "worker", "reporter", "cli"] as const;

/** Every deployment file as it is in the repository, each with what is wrong in it. */
export function checkFiles(known: Known): Checked[] {
  const { read, variables, settable, exported } = known;
  const dockerfile = read("deploy/docker/Dockerfile");
  const guide = read("docs/OPERATIONS.md");
  return [
    {
      file: "docker-compose.yml",
      problems: checkCompose(read("docker-compose.yml"), { variables, settable, targets: new Set(stagesOf(dockerfile).keys()) }),
    },
    { file: ".env.example", problems: checkEnvExample(read(".env.example"), { variables, compose: read("docker-compose.yml") }) },
    {
      file: "deploy/docker/Dockerfile",
      problems: checkDockerfile(dockerfile, { workspaces: known.workspaces, exists: known.exists, targets }),
    },
    ...known.manifests.map((file) => ({ file, problems: checkManifests(read(file), { variables, whole: false }) })),
    ...known.dashboards.map((file) => ({ file, problems: checkDashboard(read(file), exported) })),
    { file: "deploy/prometheus/alerts.yml", problems: checkAlerts(read("deploy/prometheus/alerts.yml"), { exported, guide }) },
  ];
}
