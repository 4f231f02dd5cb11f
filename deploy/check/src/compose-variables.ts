import { problem, type Problem } from "./problem.js";

/**
 * A compose file's text with `${NAME}` and `${NAME:-default}` replaced by their defaults, as they are with an empty environment; `$$` stays
 * a dollar. A name that may not be set, or a form that this does not know, is a problem.
 */
export function resolveVariables(text: string, settable: ReadonlySet<string>): { resolved: string; problems: Problem[] } {
  const problems: Problem[] = [];
  const resolved = text.replace(/\$\$|\$\{([^}]*)\}|\$(\w+)/g, (found, braced: string | undefined, bare: string | undefined) => {
    if (found === "$$") return "$";
    const [, name = "", fallback] = /^(\w+)(?::-(.*))?$/.exec(braced ?? bare ?? "") ?? [];
    if (name === "") problems.push(problem(found, "only ${NAME} and ${NAME:-default} are understood"));
    else if (!settable.has(name)) problems.push(problem(name, "is not in .env.example"));
    else if (fallback === undefined) problems.push(problem(name, "has no default: ${" + name + ":-…}"));
    return fallback ?? "";
  });
  return { resolved, problems };
}
