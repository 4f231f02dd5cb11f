import { readdirSync } from "node:fs";

const root = new URL("../../../", import.meta.url);

/** Programs `<workspace>/<kind>/<name>.<kind>.ts` of all packages and services, by name. */
export function findPrograms(kind: "bench" | "eval"): Map<string, URL> {
  const found = new Map<string, URL>();
  for (const group of ["shared", "services"]) {
    for (const workspace of namesIn(new URL(`${group}/`, root))) {
      const folder = new URL(`${group}/${workspace}/${kind}/`, root);
      for (const file of namesIn(folder).filter((name) => name.endsWith(`.${kind}.ts`)))
        found.set(file.slice(0, -`.${kind}.ts`.length), new URL(file, folder));
    }
  }
  return found;
}

function namesIn(folder: URL): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // a package without such programs
  }
}
