import { Option } from "commander";
import { demoFlag, wholeNumber, type Shared, type Registry } from "./registry.js";

/** Error signatures, series and anomalies. */
export function describeInsightsCommands({ program, on }: Registry): void {
  const signatures = program.command("signatures").description("groups of error texts that differ in their variables only");
  signatures
    .command("list")
    .description("the errors that are known: first and last seen, how often, whether they are new or came back")
    .addOption(new Option("--limit <number>", "how many, the last seen first").argParser(wholeNumber(1, 10_000)).default(50))
    .option("--json", "one JSON object a line")
    .addOption(demoFlag())
    .action(
      on<Shared & { limit: number }>(
        ({ limit, json }) =>
          async (context) =>
            (await import("../entry/signatures.js")).listSignatures(context, { limit, json: json === true }),
      ),
    );
  signatures
    .command("migrate")
    .description("group the stored errors by this version's rules; says what splits and what joins; safe to stop and run again")
    .option("--dry-run", "only say it: write nothing")
    .option("--json", "print it as JSON")
    .addOption(demoFlag())
    .action(
      on<Shared & { dryRun?: true }>(
        ({ dryRun, json }) =>
          async (context) =>
            (await import("../entry/migrate-signatures.js")).migrateSignatures(context, { dryRun: dryRun === true, json: json === true }),
      ),
    );
  signatures
    .command("mine")
    .description("one text a line in, one signature and its template a line out, in the same order; needs no services")
    .argument("<file>", "a file, or - for the standard input")
    .option("--json", "one JSON object a line: {signature, template}")
    .action(
      on<Shared, [string]>(
        ({ json }, file) =>
          async (context) =>
            (await import("../entry/signatures.js")).mineSignatures(context, { file, json: json === true }),
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
            (await import("../entry/series.js")).scoreSeries(context, { file, json: json === true }),
      ),
    );

  const zoneOption = () => new Option("--tz <zone>", "time zone of the days (default: BUSINESS_TZ)");
  const languageOption = () => new Option("--lang <language>", "language of the text (default: REPORT_LANG)").choices(["fr", "en"]);
  const settingsOption = () => new Option("--settings <file>", "sensitivity, muted pipelines and maintenance, YAML");

  program
    .command("anomalies")
    .description("what the morning after a day has to say: incidents, what is resolved, every failure")
    .option("--date <day>", "the local day that is judged, such as 2026-05-05 (default: yesterday)")
    .addOption(zoneOption())
    .addOption(settingsOption())
    .addOption(languageOption())
    .option("--json", "print it as JSON")
    .addOption(demoFlag())
    .action(
      on<Shared & { date?: string; tz?: string; settings?: string; lang?: "fr" | "en" }>(
        (options) => async (context) =>
          (await import("../entry/anomalies.js")).anomalies(context, { ...options, json: options.json === true }),
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
    .addOption(languageOption())
    .option("--json", "print it as JSON")
    .addOption(demoFlag())
    .action(
      on<Shared & { from: string; to: string; rule?: string; tz?: string; settings?: string; lang?: "fr" | "en" }>(
        (options) => async (context) =>
          (await import("../entry/anomalies.js")).backtest(context, { ...options, json: options.json === true }),
      ),
    );
}
