import type { IngestFlags } from "../entry/ingest.js";
import type { SampleFlags } from "../entry/sample.js";
import { demoFlag, list, wholeNumber, type Shared, type Registry } from "./registry.js";

/** Where records come from, and how they come into the index. */
export function describeRecordsCommands({ program, on }: Registry): void {
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
            (await import("../entry/import.js")).importFile(context, { file, drop: drop === true }),
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
    .action(on<Shared & SampleFlags>((options) => async (context) => (await import("../entry/sample.js")).writeSample(context, options)));

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
    .action(on<Shared & IngestFlags>((flags) => async (context) => (await import("../entry/ingest.js")).ingest(context, flags)));
}
