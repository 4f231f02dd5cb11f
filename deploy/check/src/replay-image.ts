import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DockerfileParser, type Copy, type From } from "dockerfile-ast";

/** What a replay leaves out: it needs a package manager of the image, or its users. */
const leftOut = /\b(apt-get|groupadd|useradd)\b/;
const inside = /(?<![\w./-])\/(app|out|models)(?![\w-])/g;

type ReplayOptions = {
  /** The build context. */
  readonly context: string;
  /** Where the stages' folders are made. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
};
type Step = {
  readonly keyword: string;
  readonly line: string;
  readonly flags: ReadonlyMap<string, string>;
  readonly values: readonly string[];
};

/**
 * The steps of a Dockerfile's stage done in folders instead of an engine: COPY copies, RUN runs in a shell with the image's absolute paths
 * turned to folders, FROM begins as a copy of the other stage. Users, installed system packages and the base image's files are not there.
 * Stages are made once. Resolves to the folder that is the image's root.
 */
export function createReplay(text: string, { context, folder, env, say }: ReplayOptions): { stageRoot: (name: string) => Promise<string> } {
  const stages = new Map<string, { from: string; steps: Step[] }>();
  let current: { from: string; steps: Step[] } | undefined;
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const keyword = instruction.getKeyword();
    if (keyword === "FROM") {
      current = { from: (instruction as From).getImage() ?? "", steps: [] };
      stages.set((instruction as From).getBuildStage() ?? String(stages.size), current);
      continue;
    }
    const flags = keyword === "COPY" ? (instruction as Copy).getFlags() : [];
    current?.steps.push({
      keyword,
      line: instruction.getRawArgumentsContent() ?? "",
      flags: new Map(flags.map((flag) => [flag.getName(), flag.getValue() ?? ""])),
      values: instruction.getArguments().map((argument) => argument.getValue()),
    });
  }
  const made = new Map<string, Promise<string>>();

  const make = async (name: string): Promise<string> => {
    const stage = stages.get(name);
    if (!stage) throw new Error(`there is no stage ${name}`);
    const root = join(folder, name);
    await rm(root, { recursive: true, force: true });
    if (stages.has(stage.from)) await copy(await stageRoot(stage.from), root);
    await mkdir(join(root, "app"), { recursive: true });
    const here = (path: string): string => (path.startsWith("/") ? join(root, path) : join(root, "app", path));
    const variables: Record<string, string> = {};
    for (const { keyword, line, flags, values } of stage.steps) {
      if (keyword === "ENV" || keyword === "ARG")
        for (const value of values) {
          const at = value.indexOf("=");
          if (at > 0) variables[value.slice(0, at)] = value.slice(at + 1).replace(inside, (path) => join(root, path));
        }
      if (keyword === "COPY") {
        const from = flags.get("from");
        const source = from === undefined ? context : await stageRoot(from);
        const target = values.at(-1) ?? ".";
        for (const path of values.slice(0, -1)) await copyInto(join(source, path), here(target), target.endsWith("/") || target === ".");
      }
      if (keyword === "RUN" && !leftOut.test(line)) {
        say(`${name}: ${line}`);
        await run(
          line.replace(inside, (path) => join(root, path)),
          join(root, "app"),
          { ...env, ...variables },
        );
      }
    }
    return root;
  };
  const stageRoot = (name: string): Promise<string> => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
  return { stageRoot };
}

const copy = (from: string, to: string): Promise<void> => cp(from, to, { recursive: true, verbatimSymlinks: true });

/** A folder's content goes into the target; a file goes into a folder, or becomes it when the target names a file. */
async function copyInto(from: string, to: string, folder: boolean): Promise<void> {
  if ((await stat(from)).isDirectory()) return await copy(from, to);
  const target = folder ? join(to, basename(from)) : to;
  await mkdir(dirname(target), { recursive: true });
  await cp(from, target);
}

async function run(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn("sh", ["-euc", command], { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said = (said + chunk).slice(-4_000)));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`exit code ${code}: ${command}\n${said}`);
}
