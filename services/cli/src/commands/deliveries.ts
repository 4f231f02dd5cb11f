import { Option, type Command } from "commander";
import type { DeliveryFlags } from "../entry/deliveries.js";
import { demoFlag, wholeNumber, type Registry, type Shared } from "./registry.js";

/** What became of the reports that were sent: subcommands of `flow-rag report`. */
export function describeDeliveryCommands({ program, on }: Registry): void {
  const isReport = (command: Command) => command.name() === "report";
  const report = program.commands.find(isReport) ?? program.command("report").description("the morning report");
  // What follows a subcommand's name is the subcommand's, --json too. Commander keeps the order only if the whole line does.
  for (const command of [program, report]) command.enablePositionalOptions();
  // What `report` itself takes is none of theirs, and would stand in their help.
  const own = (command: Command): Command => command.configureHelp({ showGlobalOptions: false });

  own(report.command("deliveries"))
    .description("where reports were sent, and what became of it; the latest first")
    .addOption(new Option("--state <state>", "only those").choices(["pending", "sending", "sent", "failed", "unknown"]))
    .option("--limit <count>", "at most so many", wholeNumber(1, 10_000), 50)
    .option("--json", "print them as JSON")
    .addOption(demoFlag())
    .action(
      on<Shared & DeliveryFlags>((flags) => async (context) => (await import("../entry/deliveries.js")).listDeliveries(context, flags)),
    );

  own(report.command("resend"))
    .description("send a delivery again that failed, or of which nobody knows whether it arrived")
    .argument("<id>", "as flow-rag report deliveries shows it")
    .option("--yes", "it may have arrived already: send it all the same")
    .option("--json", "print it as JSON")
    .addOption(demoFlag())
    .action(
      on<Shared & { yes?: true }, [string]>(
        ({ yes, json }, id) =>
          async (context) =>
            (await import("../entry/deliveries.js")).resendDelivery(context, { id, yes: yes === true, json: json === true }),
      ),
    );
}
