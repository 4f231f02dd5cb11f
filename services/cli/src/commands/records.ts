import { Option } from "commander";
import type { ImportFlags } from "../entry/import.js";
import type { IngestFlags } from "../entry/ingest.js";
import type { SampleFlags } from "../entry/sample.js";
import { demoFlag, list, wholeNumber, type Shared, type Registry } from "./registry.js";

/** Where records come from, and how they come into the index. */
export function describeRecordsCommands({ program, on }: Registry): void {
  program
    .command("import")
    .description("load a file into the source collection: CSV, NDJSON or JSON, also a list in a wrapper, plain or gzip")
    .argument("<file>")
    .option("--dry-run", "write nothing: show what the file is, how its first three records are read, and what is not understood")
    .option("--drop", "the file replaces the collection, once it was read whole; what is gone leaves the index at the next ingest")
    .option("--key <fields>", "the fields that a record without _id is known by (default: its content)", list)
    .option("--at <path>", "the list of records in a JSON wrapper, such as dag_runs or data.runs")
    .option("--carry <paths>", "fields of the wrapper that each record gets, such as metadata.generated_at", list)
    .option("--encoding <name>", "utf-8, utf-16le, windows-1252, iso-8859-15, cp850, … (default: detected)")
    .option("--delimiter <sign>", "what separates the columns of CSV: comma, semicolon, tab, pipe or one character (default: detected)")
    .addOption(new Option("--dates <order>", "how 03/04/2026 is meant (default: by the whole file)").choices(["dmy", "mdy", "iso"]))
    .addOption(new Option("--decimals <sign>", "what separates decimals (default: by the whole file)").choices(["comma", "point"]))
    .option("--tz <zone>", "the zone of times that name none (default: SOURCE_TZ; of dates such as 29/11/2026, BUSINESS_TZ)")
    .option("--source <name>", "one of the configured sources (default: the first)")
    .addOption(demoFlag())
    .action(
      on<Shared & ImportFlags, [string]>(
        (flags, file) => async (context) => (await import("../entry/import.js")).importFile(context, file, flags),
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
    .option("--since <date>", "the same as --from")
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
