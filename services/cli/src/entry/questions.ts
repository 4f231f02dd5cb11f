import { listAskedQuestions, questionOutcomes, type AskedQuestion, type AskedQuestions, type NotUnderstood } from "@flow-rag/rag";
import { createQueryLogStore, openMongo } from "@flow-rag/stores";
import { openAddresses, type CommandContext } from "../deps.js";

/** `flow-rag questions`: what was asked, and what was not understood of it. */
export async function listQuestions(
  context: CommandContext,
  { days, limit, json }: { days: number; limit: number; json: boolean },
): Promise<void> {
  const { config, lifecycle, terminal, signal } = context;
  const { stateUri } = await openAddresses(context, ["mongo"]);
  const state = lifecycle.own("state", await openMongo(stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  const queryLog = createQueryLogStore(state.db(config.state.db), config.retention.queryLog);
  const asked = await listAskedQuestions({ queryLog, now: () => new Date() }, { days, limit }, signal);
  if (json) {
    terminal.result(JSON.stringify(asked));
    return;
  }
  for (const question of asked.questions) terminal.result(describe(question));
  tellAll(asked, days, (line) => terminal.say(line));
}

function describe({ question, times, askers, lastAt, outcomes, worded, notUnderstood }: AskedQuestion): string {
  const parts = [
    `${times}× by ${askers}`,
    question,
    countsOf(outcomes),
    ...(worded.model + worded.rejected > 0 ? [`model's words ${worded.model}, rejected ${worded.rejected}`] : []),
    ...(notUnderstood.length > 0 ? [`not understood: ${partsOf(notUnderstood)}`] : []),
    lastAt.toISOString(),
  ];
  return parts.join(" · ");
}

function tellAll(all: AskedQuestions, days: number, say: (line: string) => void): void {
  const { asked, different, askers, outcomes, notUnderstood, complete, questions } = all;
  if (asked === 0) return say(`nothing was asked in the last ${days} days`);
  say(`${asked} questions, ${different} different, by ${askers}: ${countsOf(outcomes)}`);
  if (notUnderstood.length > 0) say(`not understood: ${partsOf(notUnderstood)}`);
  if (questions.length < different) say(`${different - questions.length} more: --limit shows them`);
  if (!complete) say("more was asked than is looked at: these are the latest");
}

const countsOf = (outcomes: AskedQuestions["outcomes"]): string =>
  questionOutcomes.flatMap((name) => (outcomes[name] > 0 ? [`${outcomes[name]} ${name.replace("_", " ")}`] : [])).join(", ");
const partsOf = (parts: readonly NotUnderstood[]): string =>
  parts.map(({ kind, text, times }) => `${text} (${kind}${times > 1 ? `, ${times}×` : ""})`).join(", ");
