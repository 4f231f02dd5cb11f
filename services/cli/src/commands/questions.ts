import type { Language } from "@flow-rag/contracts";
import { Option } from "commander";
import { demoFlag, wholeNumber, type Shared, type Registry } from "./registry.js";

/** Questions, and how they are understood. */
export function describeQuestionsCommands({ program, on }: Registry): void {
  program
    .command("query")
    .description("ask a question, in French or English")
    .argument("<question>", 'the question, or "-" for one a line from stdin')
    .option("--top-k <n>", "pieces of evidence", wholeNumber(1, 50), 8)
    .option("--now <instant>", "answer as of this instant, ISO 8601")
    .option("--conversation <id>", "continue a conversation, or begin one under this id")
    .addOption(languageOption())
    .option("--json", "print the whole answer as JSON, one line a question")
    .addOption(demoFlag())
    .action(
      on<Shared & { topK: number; now?: string; conversation?: string; lang?: Language }, [string]>(
        (options, question) => async (context) =>
          (await import("../entry/query.js")).query(context, { question, ...options, json: options.json === true }),
      ),
    );

  program
    .command("plan")
    .description("show how a question is understood; needs no service")
    .argument("<question>", 'the question, or "-" for one a line from stdin')
    .option("--now <instant>", "plan as of this instant, ISO 8601")
    .option("--tz <zone>", "business time zone (default: BUSINESS_TZ)")
    .option("--catalogue <file>", "a JSON file of the names that occur: {pipelines, techs, environments}")
    .addOption(languageOption())
    .option("--json", "print it as JSON, one line a question")
    .action(
      on<Shared & { now?: string; tz?: string; catalogue?: string; lang?: Language }, [string]>(
        (options, question) => async (context) =>
          (await import("../entry/plan.js")).plan(context, { question, ...options, json: options.json === true }),
      ),
    );

  program
    .command("questions")
    .description("what was asked, how often, and what was not understood; without secrets and names of askers")
    .option("--days <n>", "of the last days, as long as questions are kept (QUERY_LOG_RETENTION)", wholeNumber(1, 3_650), 7)
    .option("--limit <n>", "at most so many, the most frequent first", wholeNumber(1, 1_000), 50)
    .option("--json", "print it as JSON")
    .addOption(demoFlag())
    .action(
      on<Shared & { days: number; limit: number }>(
        ({ days, limit, json }) =>
          async (context) =>
            (await import("../entry/questions.js")).listQuestions(context, { days, limit, json: json === true }),
      ),
    );
}

const languageOption = (): Option =>
  new Option("--lang <language>", "language of the answer; that of the question when left out").choices(["fr", "en"]);
