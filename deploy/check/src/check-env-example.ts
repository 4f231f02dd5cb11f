import { problem, type Problem } from "./problem.js";

const composeOnly = "# --- docker compose only";
const settings = (lines: string): (readonly [name: string, value: string])[] =>
  [...lines.matchAll(/^# ([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, name = "", rest = ""]) => [name, rest.replace(/\s{2,}#.*$/, "")]);

/**
 * `.env.example` against what reads it: it names every variable of the processes and no other; its last part those of the compose file alone,
 * with the defaults that they have there.
 */
export function checkEnvExample(text: string, { variables, compose }: { variables: ReadonlySet<string>; compose: string }): Problem[] {
  const [own = "", forCompose] = text.split(composeOnly);
  if (forCompose === undefined) return [problem(composeOnly, "is missing")];
  const shown = settings(own).map(([name]) => name);
  return [
    ...[...variables].filter((name) => !shown.includes(name)).map((name) => problem(name, "a process reads it, and it is not named")),
    ...shown.filter((name) => !variables.has(name)).map((name) => problem(name, "no process reads it")),
    ...shown.filter((name, index) => shown.indexOf(name) !== index).map((name) => problem(name, "is there twice")),
    ...settings(forCompose).flatMap(([name, value]) => [
      ...(variables.has(name) ? [problem(name, "a process reads it: it is not of docker compose only")] : []),
      ...(compose.includes(`\${${name}:-${value}}`) ? [] : [problem(name, `docker-compose.yml has no \${${name}:-${value}}`)]),
    ]),
  ];
}
