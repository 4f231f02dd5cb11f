import type { Containers } from "./containers.js";
import type { ExportedMetrics } from "./check-queries.js";
import { problem, type Problem } from "./problem.js";

export type GuideFacts = {
  readonly containers: Containers;
  readonly profiles: ReadonlySet<string>;
  readonly secrets: readonly string[];
  /** What the processes and the compose file read. */
  readonly variables: ReadonlySet<string>;
  readonly exported: ExportedMetrics;
  readonly exists: (path: string) => boolean;
  /** Deployments of the manifests. */
  readonly deployments: ReadonlySet<string>;
};

/** Blocks of commands are run by tests (`sh`); what needs an engine, a cluster or MongoDB's tools stands in `text`, and nothing else does. */
const elsewhere = /^(docker compose|kubectl|mongodump|mongorestore) /;
const languages = new Set(["sh", "text", "yaml", ""]);
/** In capitals and no variable of a process: what a person fills in, terms of others, what the tests read. */
const notOurs = new Set(["NAME_FILE", "KEY_ID", "NODE_ENV", "MONGO_INITDB_ROOT_PASSWORD", "TEST_MONGO_URI"]);
/** The JSON value of a setting: what stands in it in capitals are words of records. */
const jsonSpan = /`[[{][^`\n]*`/g;

/** A page of the documentation against what it speaks of: commands, variables, metrics, containers, profiles, secrets and paths. */
export function checkGuide(text: string, facts: GuideFacts): Problem[] {
  const problems: Problem[] = [];
  const wrong = (where: string, message: string) => void problems.push(problem(where, message));
  for (const [, language = "", block = ""] of text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)) {
    if (!languages.has(language)) wrong(language, "a block of this language is read by no test");
    for (const line of block.split("\n")) {
      if (language === "text" && line !== "" && !elsewhere.test(line)) wrong(line, "would escape the tests: it belongs in a block of sh");
      if (language === "" && /^(npx|npm|curl|docker|kubectl) /.test(line)) wrong(line, "would escape the tests: the block has no language");
    }
  }
  for (const [command] of text.matchAll(/\bdocker compose [^`\n]+/g)) checkComposeCommand(command, facts, wrong);
  for (const [command] of text.matchAll(/\bkubectl [^`\n]+/g)) {
    for (const [, path = ""] of command.matchAll(/ -k (\S+)/g)) if (!facts.exists(path)) wrong(command, `${path} does not exist`);
    for (const [, name = ""] of command.matchAll(/ (?:deploy\/|deployment )([\w-]+)(?= |$)/g))
      if (!facts.deployments.has(name)) wrong(command, `there is no deployment ${name}`);
  }
  for (const [, name = ""] of text.matchAll(/`secrets\/(\w+)`/g))
    if (!facts.secrets.includes(name)) wrong(name, "is no secret of the compose file");
  for (const [name] of text.matchAll(/\bflowrag_\w+/g)) if (!facts.exported.has(name)) wrong(name, "is not exported");
  for (const [, path = ""] of text.matchAll(/`(deploy\/[\w./-]+)`/g)) if (!facts.exists(path)) wrong(path, "does not exist");
  for (const [, name = ""] of text.replace(jsonSpan, "").matchAll(/[`"( ]([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?=[`="): ])/g))
    if (!facts.variables.has(name) && !facts.variables.has(name.replace(/_FILE$/, "")) && !notOurs.has(name))
      wrong(name, "nothing reads it");
  return problems;
}

function checkComposeCommand(command: string, { containers, profiles }: GuideFacts, wrong: (where: string, message: string) => void): void {
  for (const [, name = ""] of command.matchAll(/--profile (\S+)/g)) if (!profiles.has(name)) wrong(command, `there is no profile ${name}`);
  const named = [
    ...[...command.matchAll(/--scale (\w+)=/g)].map(([, name]) => name),
    ...[...command.matchAll(/\b(?:run --rm|exec -T)(?: --(?:volume|env) \S+)* (\w+)/g)].map(([, name]) => name),
  ];
  for (const name of named) if (!containers[name ?? ""]) wrong(command, `there is no container ${name}`);
}
