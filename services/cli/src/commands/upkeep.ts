import { Option } from "commander";
import type { LetterFlags } from "../entry/dead-letters.js";
import type { ReindexFlags } from "../entry/reindex.js";
import { demoFlag, list, type Deed, type Shared, type Registry } from "./registry.js";

/** What the index holds, what it lacks, and what was set aside. */
export function describeUpkeepCommands({ program, on }: Registry): void {
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
            (await import("../entry/reconcile.js")).parity(context, { json: json === true }),
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
            (await import("../entry/reconcile.js")).reconcile(context, { yes: yes === true, json: json === true }),
      ),
    );

  program
    .command("reindex")
    .description("build the index anew beside the active one, check it and switch to it, while ingestion and questions go on")
    .addOption(
      new Option("--embedder <kind>", "what to build with (default: EMBEDDER, else that of the active index)").choices([
        "e5",
        "lexical",
        "openai",
      ]),
    )
    .option("--rollback", "go back to the index before, with what was ingested since")
    .option("--drop-old", "give up the way back: drop every index but the active one")
    .option("--json", "print the result as JSON")
    .addOption(demoFlag())
    .action(on<Shared & ReindexFlags>((flags) => async (context) => (await import("../entry/reindex.js")).reindex(context, flags)));

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
  letterCommand("list", "list them", (flags) => async (context) => (await import("../entry/dead-letters.js")).listLetters(context, flags));
  letterCommand(
    "retry",
    "try them again, as they are in the source now",
    (flags) => async (context) => (await import("../entry/dead-letters.js")).retryLetters(context, flags),
  );
  letterCommand(
    "discard",
    "take them off the list until the record changes",
    (flags) => async (context) => (await import("../entry/dead-letters.js")).discardLetters(context, flags),
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
            (await import("../entry/status.js")).status(context, { json: json === true }),
      ),
    );

  program
    .command("doctor")
    .description("try everything flow-rag needs, and say what to mend; exit code 1 when something fails")
    .option("--json", "print it as JSON")
    .addOption(demoFlag())
    .action(
      on<Shared>(
        ({ json }) =>
          async (context) =>
            (await import("../entry/doctor.js")).doctor(context, { json: json === true }),
      ),
    );
}
