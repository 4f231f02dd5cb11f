import { timeEnv, type Language } from "@flow-rag/contracts";
import { AppError, DateTime, parse, parseInstant } from "@flow-rag/kernel";
import { createDoubtLook } from "@flow-rag/rag";
import { createProse, drawCharts, readRoutes, readSettings, writeContent, type ContentInput, type ReportDeps } from "@flow-rag/report";
import {
  createDeadLetterStore,
  createReportStore,
  createRunFacts,
  createRunStream,
  createSignatureStore,
  createSourceHealthStore,
  openMongo,
  type ReportStore,
} from "@flow-rag/stores";
import { writeReportFiles } from "../adapters/report-files.js";
import { openLanguageModel } from "../adapters/language-model.js";
import { openAddresses, type CommandContext } from "../deps.js";
import { blockKitBuilderUrl } from "../domain/block-kit-builder.js";
import { dueTime } from "../domain/due-time.js";
import { readNow } from "./read-questions.js";

export type ReportFlags = {
  date?: string;
  now?: string;
  from?: string;
  weekly?: true;
  lang?: Language;
  tz?: string;
  settings?: string;
  route?: string;
  out?: string;
  dryRun?: true;
};

/** `flow-rag report`: the report that would be sent, computed and rendered here. */
export async function report(context: CommandContext, flags: ReportFlags & { json: boolean }): Promise<void> {
  const { config, terminal, log } = context;
  const input = await readInput(context, flags);
  const { told, ...deps } = await openReportDeps(context);
  const { kind, window } = input;
  const content = await writeContent(deps, { ...input, told: await told(kind, window.from, context.signal) }, context.signal);
  const { report: facts } = content;
  const routes = content.routes.filter(({ route }) => flags.route === undefined || route.name === flags.route);
  const written = routes.map(({ route, rendered }) => ({ name: route.name, rendered, drawings: drawCharts(facts, route.name) }));
  log.debug({ routes: written.length, zone: config.business.zone }, "report written");
  if (flags.out !== undefined) {
    for (const file of await writeReportFiles(flags.out, facts, written)) terminal.say(file);
  }
  if (flags.json) terminal.result(JSON.stringify(facts));
  else if (flags.dryRun) {
    for (const { name, rendered } of written) {
      const { message, thread } = rendered.slack;
      terminal.result(JSON.stringify({ route: name, message, thread }, null, 2));
      terminal.result(blockKitBuilderUrl(message));
    }
  } else for (const { rendered } of written) terminal.result(rendered.email.text.trimEnd());
}

async function readInput(
  { config, terminal }: CommandContext,
  { date, now: nowText, from: fromText, weekly, lang, tz, settings: file, route }: ReportFlags,
): Promise<ContentInput> {
  const zone = tz === undefined ? config.business.zone : parse(timeEnv.BUSINESS_TZ, tz, "--tz");
  const now = readNow(nowText, zone) ?? new Date();
  const { schedule } = config.report;
  const to = date === undefined ? now : readDate(date, { zone, now, time: dueTime(weekly ? schedule.weekly : schedule.daily) });
  const length = weekly ? { weeks: 1 } : { days: 1 };
  const from = fromText === undefined ? DateTime.fromJSDate(to, { zone }).minus(length).toJSDate() : parseInstant(fromText, zone);
  if (!from || from >= to) throw new AppError("invalid_input", `--from: ${fromText ?? ""} is no instant before the end of the window`);
  const settings = await readSettings(file ?? config.report.settingsFile, config.report);
  const routes = readRoutes(settings, { hasDefaultChannels: true });
  if (route !== undefined && !routes.some(({ name }) => name === route))
    throw new AppError("invalid_input", `--route: ${route} is none of ${routes.map(({ name }) => name).join(", ")}`);
  const language = lang ?? config.report.language;
  const { dashboardUrl } = config.report;
  return {
    kind: weekly ? "weekly" : "daily",
    window: { from, to },
    date: DateTime.fromJSDate(to, { zone }).toFormat("yyyy-MM-dd"),
    zone,
    language,
    settings,
    routes,
    readAt: new Date(),
    links: dashboardUrl === undefined ? [] : [{ label: language === "fr" ? "Tableau de bord" : "Dashboard", url: dashboardUrl }],
    onProblem: (problem) =>
      terminal.say(
        problem === "no font"
          ? "no font on this system: the report has no pictures (apt-get install fontconfig fonts-dejavu-core)"
          : "the pictures could not be drawn",
      ),
  };
}

/** The time of the day at which a report is due, or now when that is still to come. */
function readDate(date: string, { zone, now, time }: { zone: string; now: Date; time: string }): Date {
  const usual = /^\d{4}-\d{2}-\d{2}$/.test(date) ? parseInstant(`${date}T${time}`, zone) : undefined;
  if (!usual) throw new AppError("invalid_input", `--date: ${date} is not a day; a day such as 2026-05-06 is wanted`);
  if (usual <= now) return usual;
  if (DateTime.fromJSDate(now, { zone }).toFormat("yyyy-MM-dd") === date) return now;
  throw new AppError("invalid_input", `--date: ${date} is still to come`);
}

async function openReportDeps(context: CommandContext): Promise<ReportDeps & Pick<ReportStore, "told">> {
  const { config, lifecycle } = context;
  const { stateUri } = await openAddresses(context, ["mongo"]);
  const state = lifecycle.own("state", await openMongo(stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  const db = state.db(config.state.db);
  const chat = openLanguageModel(context, db);
  const facts = createRunFacts(db);
  const sources = config.sources.map(({ name }) => name);
  const reports = createReportStore(db);
  return {
    told: (kind, until, abort) => reports.told(kind, until, abort),
    runs: createRunStream(db),
    facts,
    signatures: createSignatureStore(db),
    prose: createProse({ chat, log: context.log }),
    lookForDoubts: createDoubtLook(
      { deadLetters: createDeadLetterStore(db), health: createSourceHealthStore(db), log: context.log },
      { sources, runs: facts },
    ),
  };
}
