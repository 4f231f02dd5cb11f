import { AppError, Lifecycle, loadConfig } from "@flow-rag/kernel";
import type { z } from "zod";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { createTerminal } from "./adapters/terminal.js";
import { schema, type Config } from "./config.js";
import type { CommandContext } from "./deps.js";
import type { LetterFlags } from "./entry/dead-letters.js";
import type { IngestFlags } from "./entry/ingest.js";
import type { SampleFlags } from "./entry/sample.js";

/** A command's deed. Resolves to false when it ran but its result is a failure, which is exit code 1. */
type Deed = (context: CommandContext) => Promise<boolean | void>;

const exit = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** The demo's data live beside the user's: what it loads and drops is never theirs. */
const demoNames = { MONGO_DB: "flows_demo", STATE_DB: "flow_rag_demo", INDEX_PREFIX: "demo-", QUEUE_PREFIX: "flow-rag-demo" };

/** Runs one command line; returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
export async function run(args: readonly string[], processEnv: NodeJS.ProcessEnv): Promise<number> {
  const terminal = createTerminal({ stdout: process.stdout, stderr: process.stderr, env: processEnv });
  let code: number = exit.ok;

  const perform: Perform = async (deed, { demo, source }) => {
    const env = demo ? { ...processEnv, ...demoNames } : processEnv;
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

type Perform = (deed: Deed, options: { demo: boolean; source?: string | undefined }) => Promise<void>;
type Shared = { demo?: true; json?: true; source?: string };

function selectSource(config: z.output<typeof schema>, name: string | undefined): Config {
  const source = name === undefined ? config.sources[0] : config.sources.find((candidate) => candidate.name === name);
  if (source) return { ...config, source };
  throw new AppError("invalid_input", `--source: ${config.sources.map((known) => known.name).join(", ")} are configured`);
}

/** Every command is loaded when it is used, so that `--help` needs none of them. */
function describeCommands(perform: Perform): Command {
  const program = new Command("flow-rag")
    .description(
      "Exact, evidenced answers about data-pipeline runs.\nA service whose address is not given (REDIS_URL, MONGO_URI, CHROMA_URL) is started here.",
    )
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(flow-rag --help lists the commands)");
  const demoFlag = () => new Option("--demo", "use the demo's data instead of your own");
  const on =
    <Options extends Shared, Args extends unknown[] = []>(deed: (options: Options, ...args: Args) => Deed) =>
    (...all: unknown[]): Promise<void> => {
      const options = all.at(-2) as Options;
      const values = all.slice(0, -2) as Args;
      return perform(async (context) => await deed(options, ...values)(context), { demo: options.demo === true, source: options.source });
    };

  program
    .command("import")
    .description("load a file into the source collection: mongoexport NDJSON, a JSON array or CSV")
    .argument("<file>")
    .option("--drop", "empty the source collection first; what is gone leaves the index at the next ingest")
    .option("--source <name>", "one of the configured sources (default: the first)")
    .addOption(demoFlag())
    .action(
      on<Shared & { drop?: true }, [string]>(
        ({ drop }, file) =>
          async (context) =>
            (await import("./entry/import.js")).importFile(context, { file, drop: drop === true }),
      ),
    );

  program
    .command("sample")
    .description("generate realistic records, always the same for the same options (NDJSON on stdout, or a file and its truth beside it)")
    .option("--days <n>", "days of history", wholeNumber(1, 730), 14)
    .option("--pipelines <n>", "pipelines", wholeNumber(1, 1_000), 40)
    .option("--seed <n>", "any whole number", wholeNumber(0, 2 ** 32 - 1), 1)
    .option("--end <instant>", "where the history ends, ISO 8601 (default: the last full hour)")
    .option("--out <file>", "write FILE and FILE.truth.json")
    .action(on<Shared & SampleFlags>((options) => async (context) => (await import("./entry/sample.js")).writeSample(context, options)));

  program
    .command("ingest")
    .description("bring the index up to date with the whole source, now, or with the records that the options select")
    .option("--from <date>", "only runs from this date or instant on")
    .option("--to <date>", "only runs before this date or instant")
    .option("--pipeline <names>", "only these pipelines, separated by commas", list)
    .option("--tech <names>", "only these technos, separated by commas", list)
    .option("--status <words>", "only these statuses (failed, success, … or KO, échec, …)", list)
    .option("--ids <ids>", "only these records", list)
    .option("--full", "embed unchanged records too")
    .option("--dry-run", "say how many records match and do nothing")
    .option("--yes", "also remove the runs whose record is gone when they are more than 5 %")
    .option("--json", "print the result as JSON")
    .option("--source <name>", "one of the configured sources (default: the first)")
    .addOption(demoFlag())
    .action(on<Shared & IngestFlags>((flags) => async (context) => (await import("./entry/ingest.js")).ingest(context, flags)));

  program
    .command("parity")
    .description("compare source, runs and index record by record; exit code 1 when they differ")
    .option("--json", "print it as JSON")
    .option("--source <name>", "one of the configured sources (default: the first)")
    .addOption(demoFlag())
    .action(
      on<Shared>(
        ({ json }) =>
          async (context) =>
            (await import("./entry/reconcile.js")).parity(context, { json: json === true }),
      ),
    );

  program
    .command("reconcile")
    .description("compare as parity does and repair what differs")
    .option("--yes", "also remove the runs whose record is gone when they are more than 5 %")
    .option("--json", "print it as JSON")
    .option("--source <name>", "one of the configured sources (default: the first)")
    .addOption(demoFlag())
    .action(
      on<Shared & { yes?: true }>(
        ({ yes, json }) =>
          async (context) =>
            (await import("./entry/reconcile.js")).reconcile(context, { yes: yes === true, json: json === true }),
      ),
    );

  const letters = program.command("dead-letters").description("records that were set aside, and why");
  const letterCommand = (name: string, description: string, deed: (flags: Shared & LetterFlags) => Deed) =>
    letters
      .command(name)
      .description(description)
      .option("--ids <ids>", "only these records", list)
      .addOption(new Option("--stage <stage>", "only those set aside at this stage").choices(["normalise", "embed", "store"]))
      .option("--reason <text>", "only those whose reason contains this")
      .option("--json", "print as JSON")
      .option("--source <name>", "one of the configured sources (default: the first)")
      .addOption(demoFlag())
      .action(on<Shared & LetterFlags>(deed));
  letterCommand("list", "list them", (flags) => async (context) => (await import("./entry/dead-letters.js")).listLetters(context, flags));
  letterCommand(
    "retry",
    "try them again, as they are in the source now",
    (flags) => async (context) => (await import("./entry/dead-letters.js")).retryLetters(context, flags),
  );
  letterCommand(
    "discard",
    "take them off the list until the record changes",
    (flags) => async (context) => (await import("./entry/dead-letters.js")).discardLetters(context, flags),
  );

  program
    .command("query")
    .description("ask a question, in French or English")
    .argument("<question>", 'the question, or "-" for one a line from stdin')
    .option("--top-k <n>", "pieces of evidence", wholeNumber(1, 50), 8)
    .option("--now <instant>", "answer as of this instant, ISO 8601")
    .option("--json", "print the whole answer as JSON, one line a question")
    .addOption(demoFlag())
    .action(
      on<Shared & { topK: number; now?: string }, [string]>(
        (options, question) => async (context) =>
          (await import("./entry/query.js")).query(context, { question, ...options, json: options.json === true }),
      ),
    );

  program
    .command("plan")
    .description("show how a question is understood; needs no service")
    .argument("<question>", 'the question, or "-" for one a line from stdin')
    .option("--now <instant>", "plan as of this instant, ISO 8601")
    .option("--tz <zone>", "business time zone (default: BUSINESS_TZ)")
    .option("--catalogue <file>", "a JSON file of the names that occur: {pipelines, techs, environments}")
    .option("--json", "print it as JSON, one line a question")
    .action(
      on<Shared & { now?: string; tz?: string; catalogue?: string }, [string]>(
        (options, question) => async (context) =>
          (await import("./entry/plan.js")).plan(context, { question, ...options, json: options.json === true }),
      ),
    );

  program
    .command("status")
    .description("counts of the source, the runs and the index, and what is waiting")
    .option("--json", "print it as JSON")
    .option("--source <name>", "one of the configured sources (default: the first)")
    .addOption(demoFlag())
    .action(
      on<Shared>(
        ({ json }) =>
          async (context) =>
            (await import("./entry/status.js")).status(context, { json: json === true }),
      ),
    );

  program
    .command("signatures")
    .description("groups of error texts that differ in their variables only")
    .command("mine")
    .description("one text a line in, one signature and its template a line out, in the same order; needs no services")
    .argument("<file>", "a file, or - for the standard input")
    .option("--json", "one JSON object a line: {signature, template}")
    .action(
      on<Shared, [string]>(
        ({ json }, file) =>
          async (context) =>
            (await import("./entry/signatures.js")).mineSignatures(context, { file, json: json === true }),
      ),
    );

  program
    .command("series")
    .description("score each row of a series (timestamp,value) against its own past, from 0 (usual) to 1; needs no services")
    .argument("<file>", "a CSV file, or - for the standard input")
    .option("--json", "one JSON object a line: {timestamp, value, score}")
    .action(
      on<Shared, [string]>(
        ({ json }, file) =>
          async (context) =>
            (await import("./entry/series.js")).scoreSeries(context, { file, json: json === true }),
      ),
    );

  const zoneOption = () => new Option("--tz <zone>", "time zone of the days (default: BUSINESS_TZ)");
  const settingsOption = () => new Option("--settings <file>", "sensitivity, muted pipelines and maintenance, YAML");
  program
    .command("anomalies")
    .description("what the morning after a day has to say: incidents, what is resolved, every failure")
    .option("--date <day>", "the local day that is judged, such as 2026-05-05 (default: yesterday)")
    .addOption(zoneOption())
    .addOption(settingsOption())
    .option("--json", "print it as JSON")
    .addOption(demoFlag())
    .action(
      on<Shared & { date?: string; tz?: string; settings?: string }>(
        (options) => async (context) =>
          (await import("./entry/anomalies.js")).anomalies(context, { ...options, json: options.json === true }),
      ),
    );

  program
    .command("backtest")
    .description("replay history: how many mornings would have been flagged, and by which rule")
    .requiredOption("--from <day>", "first day that is judged, such as 2026-05-05")
    .requiredOption("--to <day>", "last day that is judged")
    .option("--rule <kinds>", "count these kinds only, separated by commas")
    .addOption(zoneOption())
    .addOption(settingsOption())
    .option("--json", "print it as JSON")
    .addOption(demoFlag())
    .action(
      on<Shared & { from: string; to: string; rule?: string; tz?: string; settings?: string }>(
        (options) => async (context) =>
          (await import("./entry/anomalies.js")).backtest(context, { ...options, json: options.json === true }),
      ),
    );

  program
    .command("up")
    .description("run all services here until Ctrl-C")
    .addOption(demoFlag())
    .action(on<Shared>(() => async (context) => (await import("./entry/up.js")).up(context)));

  program
    .command("demo")
    .description("load a sample, ingest it, ask three questions, keep the API up")
    .option("--data <file>", "a file of records instead of the sample")
    .option("--exit", "stop when done")
    .action(async (options: { data?: string; exit?: true }) =>
      perform(async (context) => (await import("./entry/demo.js")).demo(context, { data: options.data, exit: options.exit === true }), {
        demo: true,
      }),
    );
  return program;
}

const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max)
      throw new InvalidArgumentError(`a whole number from ${min} to ${max} is wanted.`);
    return value;
  };

const list = (text: string, former: readonly string[] = []): string[] => [...former, ...text.split(",").map((name) => name.trim())];
