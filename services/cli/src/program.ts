import { AppError, Lifecycle, loadConfig, packageVersion } from "@flow-rag/kernel";
import type { z } from "zod";
import { Command, CommanderError } from "commander";
import { createTerminal } from "./adapters/terminal.js";
import { describeDeliveryCommands } from "./commands/deliveries.js";
import { describeUpkeepCommands } from "./commands/upkeep.js";
import { describeInsightsCommands } from "./commands/insights.js";
import { describeKeysCommands } from "./commands/keys.js";
import { describeQuestionsCommands } from "./commands/questions.js";
import { describeRecordsCommands } from "./commands/records.js";
import { describeReportCommands } from "./commands/reports.js";
import { createRegistry, type Perform } from "./commands/registry.js";
import { describeServicesCommands } from "./commands/services.js";
import { schema, type Config } from "./config.js";

const exit = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** The demo's data live beside the user's: what it loads and drops is never theirs. */
const demoNames = ({ REPORT_CRON, DIGEST_CRON }: NodeJS.ProcessEnv) => ({
  MONGO_DB: "flows_demo",
  STATE_DB: "flow_rag_demo",
  INDEX_PREFIX: "demo-",
  QUEUE_PREFIX: "flow-rag-demo",
  // Generated failures are nobody's morning: no report by the clock unless it was asked for, and none is sent anywhere.
  REPORT_CRON: REPORT_CRON || "off",
  DIGEST_CRON: DIGEST_CRON || "off",
  ...Object.fromEntries(outlets.flatMap((name) => [[name, ""] as const, [`${name}_FILE`, ""] as const])),
});
const outlets = ["SLACK_BOT_TOKEN", "SLACK_WEBHOOK_URL", "SMTP_URL", "REPORT_HEARTBEAT_URL"];

/** Runs one command line; returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export async function run(args: readonly string[], processEnv: NodeJS.ProcessEnv): Promise<number> {
  const terminal = createTerminal({ stdout: process.stdout, stderr: process.stderr, env: processEnv });
  let code: number = exit.ok;

  const perform: Perform = async (deed, { demo, source }) => {
    const env = demo ? { ...processEnv, ...demoNames(processEnv) } : processEnv;
    const interrupted = new AbortController();
    const interrupt = () => interrupted.abort(new AppError("unexpected", "interrupted"));
    process.once("SIGINT", interrupt); // a second one ends the process at once
    process.once("SIGTERM", interrupt);
    const quiet = terminal.createLog("warn");
    let lifecycle = new Lifecycle(quiet);
    try {
      const config = selectSource(loadConfig(schema, env), source);
      const log = terminal.createLog(config.log.level);
      lifecycle = new Lifecycle(log, config.stopTimeoutMs + 20_000);
      const done = await deed({ config, env, terminal, lifecycle, log, signal: interrupted.signal });
      code = done === false ? exit.failed : exit.ok;
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (!interrupted.signal.aborted) terminal.say(terminal.colors.red(error.message));
      code = error.kind === "invalid_input" || error.kind === "misconfigured" ? exit.usage : exit.failed;
    }
    if (!(await lifecycle.close()) && code === exit.ok) code = exit.failed;
    if (interrupted.signal.aborted) code = exit.interrupted;
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  };

  try {
    await describeCommands(perform).parseAsync([...args], { from: "user" });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    return thrown.exitCode === 0 ? exit.ok : exit.usage; // commander has said what is wrong
  }
  return code;
}

function selectSource(config: z.output<typeof schema>, name: string | undefined): Config {
  const source = name === undefined ? config.sources[0] : config.sources.find((candidate) => candidate.name === name);
  if (source) return { ...config, source };
  throw new AppError("invalid_input", `--source: ${config.sources.map((known) => known.name).join(", ")} are configured`);
}

function describeCommands(perform: Perform): Command {
  const program = new Command("flow-rag")
    .description(
      "Exact, evidenced answers about data-pipeline runs.\nA service whose address is not given (REDIS_URL, MONGO_URI, CHROMA_URL) is started here.",
    )
    .version(packageVersion(new URL("../package.json", import.meta.url)), "--version", "the version of flow-rag")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(flow-rag --help lists the commands)");
  const registry = createRegistry(program, perform);
  describeRecordsCommands(registry);
  describeUpkeepCommands(registry);
  describeQuestionsCommands(registry);
  describeInsightsCommands(registry);
  describeReportCommands(registry);
  describeServicesCommands(registry);
  describeDeliveryCommands(registry); // after the report command, whose subcommands they are
  describeKeysCommands(registry);
  return program;
}
