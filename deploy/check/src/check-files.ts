import { checkCompose } from "./check-compose.js";
import { checkDockerfile, stagesOf } from "./check-dockerfile.js";
import { checkEnvExample } from "./check-env-example.js";
import { checkFirstStart, checkSecrets } from "./check-first-start.js";
import { checkGuide, type GuideFacts } from "./check-guide.js";
import { checkKustomization } from "./check-kustomization.js";
import { checkLiteLlm } from "./check-litellm.js";
import { checkManifests } from "./check-manifests.js";
import { checkProvisioning } from "./check-provisioning.js";
import { checkScrapes } from "./check-scrapes.js";
import { readContainers } from "./containers.js";
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
  const compose = read("docker-compose.yml");
  const { containers, secrets } = readContainers(compose);
  const images = targets.map((target) => `flow-rag-${target}`);
  const deployments = known.manifests.flatMap((file) => [...read(file).matchAll(/^kind: Deployment\nmetadata:\n {2}name: (.*)$/gm)]);
  const facts: GuideFacts = {
    ...known,
    containers,
    secrets,
    profiles: new Set(Object.values(containers).flatMap(({ profiles }) => profiles)),
    variables: new Set([...variables, ...settable, ...[...dockerfile.matchAll(/^ARG (\w+)/gm)].map(([, name = ""]) => name)]),
    deployments: new Set(deployments.map(([, name = ""]) => name)),
  };
  return [
    {
      file: "docker-compose.yml",
      problems: checkCompose(compose, { variables, settable, targets: new Set(stagesOf(dockerfile).keys()) }),
    },
    { file: ".env.example", problems: checkEnvExample(read(".env.example"), { variables, compose }) },
    {
      file: "deploy/docker/Dockerfile",
      problems: checkDockerfile(dockerfile, { workspaces: known.workspaces, exists: known.exists, targets }),
    },
    {
      file: "deploy/docker/litellm.yaml",
      problems: checkLiteLlm(read("deploy/docker/litellm.yaml"), { containers, guide: read("docs/DEPLOYMENT.md") }),
    },
    { file: "deploy/docker/make-secrets.sh", problems: checkSecrets(read("deploy/docker/make-secrets.sh"), secrets) },
    { file: "deploy/docker/mongo-users.js", problems: checkFirstStart(read("deploy/docker/mongo-users.js"), containers) },
    ...known.manifests.map((file) => ({
      file,
      problems: file.endsWith("/kustomization.yaml")
        ? checkKustomization(file, read(file), { manifests: known.manifests, images })
        : checkManifests(read(file), { variables, waitingList: known.waitingList, whole: false }),
    })),
    ...known.dashboards.map((file) => ({ file, problems: checkDashboard(read(file), exported) })),
    ...known.provisioning.map((file) => ({ file, problems: checkProvisioning(read(file), containers) })),
    {
      file: "deploy/prometheus/prometheus.yml",
      problems: checkScrapes(read("deploy/prometheus/prometheus.yml"), { containers, exists: known.exists }),
    },
    ...known.guides.map((file) => ({ file, problems: checkGuide(read(file), facts) })),
    { file: "deploy/prometheus/alerts.yml", problems: checkAlerts(read("deploy/prometheus/alerts.yml"), { exported, guide }) },
  ];
}
