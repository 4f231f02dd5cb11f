import type { Containers } from "./containers.js";
import { problem, type Problem } from "./problem.js";

/** The script that makes the secrets: one for each that the compose file wants. `wanted`: its names. */
export function checkSecrets(script: string, wanted: readonly string[]): Problem[] {
  const made = [...script.matchAll(/^secret (\w+) /gm)].map(([, name = ""]) => name);
  return [
    ...wanted.filter((name) => !made.includes(name)).map((name) => problem(name, "docker-compose.yml wants it, and it is not made")),
    ...made.filter((name) => !wanted.includes(name)).map((name) => problem(name, "is made, and docker-compose.yml does not know it")),
  ];
}

/** What MongoDB runs on its first start: it reads secrets and variables that its container has. */
export function checkFirstStart(script: string, containers: Containers): Problem[] {
  const { secrets = [], environment = {} } = containers["mongo"] ?? {};
  const read = [...script.matchAll(/password\("(\w+)"\)/g)].map(([, name = ""]) => name);
  const [, listed = ""] = /\{([^}]*)\} = process\.env/.exec(script) ?? [];
  const variables = [...listed.matchAll(/(\w+):/g)].map(([, name = ""]) => name);
  return [
    ...read.filter((name) => !secrets.includes(name)).map((name) => problem(name, "mongo is not given this secret")),
    ...variables.filter((name) => !(name in environment)).map((name) => problem(name, "mongo is not given this variable")),
  ];
}
