import { DockerfileParser, type Copy, type From } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { problem, type Problem } from "./problem.js";

/** Stages of a Dockerfile by name, in order; those without a name are left out. */
export const stagesOf = (text: string): Map<string, { from: string; lines: readonly string[] }> => {
  const stages = new Map<string, { from: string; lines: string[] }>();
  let current: { from: string; lines: string[] } | undefined;
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction.getKeyword() === "FROM") {
      const from = instruction as From;
      current = { from: from.getImage() ?? "", lines: [] };
      stages.set(from.getBuildStage() ?? String(stages.size), current);
    } else current?.lines.push(`${instruction.getKeyword()} ${instruction.getRawArgumentsContent() ?? ""}`);
  }
  return stages;
};

/**
 * The Dockerfile linted, and the rules of these images: pinned bases, no process of root, every workspace's manifest there before npm runs,
 * nothing copied that does not exist.
 */
export function checkDockerfile(
  text: string,
  { workspaces, exists, targets }: { workspaces: readonly string[]; exists: (path: string) => boolean; targets: readonly string[] },
): Problem[] {
  const problems: Problem[] = validate(text).map(({ message, range }) =>
    problem(`line ${range.start.line + 1}`, typeof message === "string" ? message : message.value),
  );
  const dockerfile = DockerfileParser.parse(text);
  const stages = stagesOf(text);
  const copied = new Set<string>();
  for (const instruction of dockerfile.getInstructions()) {
    const line = `line ${instruction.getRange().start.line + 1}`;
    const values = instruction.getArguments().map((argument) => argument.getValue());
    if (instruction.getKeyword() === "ARG" && values[0]?.startsWith("NODE_IMAGE=") && !/:\d+\.\d+\.\d+-/.test(values[0]))
      problems.push(problem(line, "pin the base image's version"));
    if (instruction.getKeyword() === "RUN" && /npm (install|i)\b/.test(values.join(" ")))
      problems.push(problem(line, "npm ci installs what the lock file says; npm install does not"));
    if (instruction.getKeyword() !== "COPY") continue;
    const flags = (instruction as Copy).getFlags();
    const from = flags.find((flag) => flag.getName() === "from")?.getValue();
    if (from !== undefined && from !== null) {
      if (!stages.has(from)) problems.push(problem(line, `there is no stage ${from}`));
      continue;
    }
    for (const path of values.slice(0, -1)) {
      copied.add(path);
      if (!exists(path)) problems.push(problem(line, `${path} does not exist`));
    }
  }
  for (const workspace of workspaces)
    if (!copied.has(`${workspace}/package.json`))
      problems.push(problem("manifests", `${workspace}/package.json is not copied: npm ci would fail`));
  for (const target of targets) {
    const lines = stages.get(target)?.lines;
    if (!lines) problems.push(problem(target, "is missing"));
    else if (!lines.some((line) => /^USER [1-9]\d*:[1-9]\d*$/.test(line)))
      problems.push(problem(target, "runs as root: USER with numbers is missing"));
  }
  return problems;
}
