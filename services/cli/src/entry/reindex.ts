import type { ReindexMessage, ReindexReport } from "@flow-rag/contracts";
import { AppError } from "@flow-rag/kernel";
import { runReindexProcess } from "../adapters/reindex-process.js";
import type { Progress, Terminal } from "../adapters/terminal.js";
import { envWith, openAddresses, type CommandContext } from "../deps.js";

export type ReindexFlags = { embedder?: string; rollback?: true; dropOld?: true; json?: true };
type Stage = Extract<ReindexMessage, { type: "progress" }>["stage"];

const titles: Readonly<Record<Stage, string>> = { build: "building", recall: "asking  ", adopt: "adopting", verify: "checking" };

/** `flow-rag reindex`. False when the index and the runs do not agree at its end. */
export async function reindex(context: CommandContext, { embedder, rollback, dropOld, json }: ReindexFlags): Promise<boolean> {
  const { terminal, config, signal } = context;
  if ([embedder, rollback, dropOld].filter((flag) => flag !== undefined).length > 1)
    throw new AppError("invalid_input", "--embedder, --rollback and --drop-old: one of them at a time");
  const addresses = await openAddresses(context, ["mongo", "chroma"]);
  const env = { ...envWith(context.env, addresses), LOG_LEVEL: config.log.level };
  const deed = dropOld ? "drop-old" : rollback ? "rollback" : "build";
  const watch = watchMessages(terminal);
  await runReindexProcess(
    { deed, embedder, env, say: (line) => terminal.say(line), onMessage: (message) => watch.take(message) },
    signal,
  ).finally(() => watch.end());

  const { report, dropped } = watch.results();
  if (json) terminal.result(JSON.stringify(report ?? { dropped }));
  else for (const line of report ? describe(report) : describeDropped(dropped)) terminal.result(line);
  return report?.parity.inSync ?? true;
}

function watchMessages(terminal: Terminal) {
  let shown: { readonly stage: Stage; readonly progress: Progress } | undefined;
  let isWaiting = false;
  let report: ReindexReport | undefined;
  let dropped: readonly string[] = [];
  const end = (): void => shown?.progress.stop();
  return {
    take(message: ReindexMessage): void {
      if (message.type === "report") report = message.report;
      if (message.type === "dropped") dropped = message.collections;
      if (message.type === "waiting" && !isWaiting) {
        isWaiting = true;
        terminal.say("another reindex has the lease: waiting until it has run out");
      }
      if (message.type !== "progress") return;
      const { stage, done, total } = message;
      if (shown?.stage !== stage) {
        end();
        shown = { stage, progress: terminal.startProgress(titles[stage], total) };
      }
      shown.progress.update(done, total);
    },
    end,
    results: () => ({ report, dropped }),
  };
}

function describe({ outcome, collection, embedder, previous, written, parity, recall }: ReindexReport): string[] {
  const { runs, documents, missing, stale, extra, inSync } = parity;
  return [
    outcome === "switched"
      ? `${collection} is the active index now: ${embedder}`
      : `nothing to do: ${collection} is built with ${embedder}`,
    `${written} documents written · runs ${runs} · documents ${documents} · missing ${missing} · stale ${stale} · extra ${extra} · ${inSync ? "in sync" : "NOT in sync: flow-rag reconcile repairs it"}`,
    ...(recall && recall.asked > 0
      ? [`${recall.asPassages} of ${recall.asked} sampled documents are found by their own text, ${recall.asQuestions} by it as a question`]
      : []),
    ...(previous === null ? [] : [`${previous} is kept: flow-rag reindex --rollback goes back to it, --drop-old gives it up`]),
  ];
}

const describeDropped = (collections: readonly string[]): string[] =>
  collections.length > 0
    ? collections.map((name) => `dropped ${name}`)
    : ["nothing to drop: there is no collection but the active index's"];
