import { Option } from "commander";
import type { ReportFlags } from "../entry/report.js";
import { demoFlag, type Registry, type Shared } from "./registry.js";

/** The morning report. */
export function describeReportCommands({ program, on }: Registry): void {
  program
    .command("report")
    .description("write the morning report as it would be sent, without sending it")
    .option("--date <day>", "the report of this local day, such as 2026-05-06, as of the time it is due (default: today, as of now)")
    .option("--now <instant>", "as of this instant, ISO 8601")
    .option("--from <instant>", "where its window begins (default: one day before its end, a week for --weekly)")
    .option("--weekly", "the digest: the week against the week before")
    .addOption(new Option("--lang <language>", "language (default: REPORT_LANG)").choices(["fr", "en"]))
    .option("--tz <zone>", "time zone of the days (default: BUSINESS_TZ)")
    .option("--settings <file>", "teams, routes and anomaly settings, YAML (default: SETTINGS_FILE)")
    .option("--route <name>", "only what this route is sent")
    .option("--out <dir>", "write report.json and, for each route, slack.json, email.html, email.txt and the pictures")
    .option("--dry-run", "print the Slack messages' blocks and an address that shows them")
    .option("--json", "print the report's facts as JSON")
    .addOption(demoFlag())
    .action(
      on<Shared & ReportFlags>(
        (options) => async (context) => (await import("../entry/report.js")).report(context, { ...options, json: options.json === true }),
      ),
    );
}
