import {
  backtestLines,
  causesOf,
  collectHistory,
  errorTimesOf,
  findingKinds,
  historyDays,
  listMornings,
  morningJson,
  morningLines,
  signaturesSince,
  summarise,
  type AnomalySettings,
  type FindingKind,
  type Morning,
} from "@flow-rag/insights";
import { AppError, DateTime, parse, parseInstant, startOfLocalDay } from "@flow-rag/kernel";
import { readSettings } from "@flow-rag/report";
import { createRunStream, createSignatureStore, openMongo } from "@flow-rag/stores";
import { timeEnv } from "@flow-rag/contracts";
import { openAddresses, type CommandContext } from "../deps.js";

type Shared = { tz?: string; settings?: string; lang?: "fr" | "en"; json: boolean };

/** `flow-rag anomalies`: the list of the morning after a local day, yesterday unless a day is given. */
export async function anomalies(
  context: CommandContext,
  { date, tz, settings: file, lang, json }: Shared & { date?: string },
): Promise<void> {
  const zone = readZone(tz, context);
  const settings = await readSettings(file ?? context.config.report.settingsFile, context.config.report);
  const day = date === undefined ? yesterday(zone) : readDay(date, "--date", zone);
  const [morning] = [...(await openMornings(context, { first: day, count: 1, zone, settings }))];
  if (!morning) throw new AppError("invalid_input", `--date: ${date ?? ""} is still to come`);
  if (json) context.terminal.result(JSON.stringify(morningJson(morning)));
  else for (const line of morningLines(morning, lang ?? context.config.report.language)) context.terminal.result(line);
}

/** `flow-rag backtest`: what the mornings of a span would have said, each as of its day. */
export async function backtest(
  context: CommandContext,
  { from, to, rule, tz, settings: file, lang, json }: Shared & { from: string; to: string; rule?: string },
): Promise<void> {
  const zone = readZone(tz, context);
  const settings = await readSettings(file ?? context.config.report.settingsFile, context.config.report);
  const [first, last] = [readDay(from, "--from", zone), readDay(to, "--to", zone)];
  const count = Math.round(DateTime.fromJSDate(last).diff(DateTime.fromJSDate(first), "days").days) + 1;
  if (count < 1 || count > 1_000) throw new AppError("invalid_input", "--to: a day from --from on is wanted, at most 1,000 days later");
  const kinds = rule === undefined ? undefined : readKinds(rule);
  const result = summarise(await openMornings(context, { first, count, zone, settings }), settings.falseDiscoveryRate, kinds);
  if (json) {
    context.terminal.result(JSON.stringify({ from, to, zone, rules: kinds ?? findingKinds, settings, ...result }));
    return;
  }
  const asked = { from, to, zone, file: file ?? context.config.report.settingsFile };
  const lines = backtestLines(result, asked, settings, lang ?? context.config.report.language);
  for (const line of lines) context.terminal.result(line);
}

async function openMornings(
  context: CommandContext,
  { first, count, zone, settings }: { first: Date; count: number; zone: string; settings: AnomalySettings },
): Promise<Iterable<Morning>> {
  const { config, lifecycle, terminal, signal } = context;
  const { stateUri } = await openAddresses(context, ["mongo"]);
  const state = lifecycle.own("state", await openMongo(stateUri, "STATE_MONGO_URI"), (connection) => connection.close());
  const db = state.db(config.state.db);
  const runs = createRunStream(db);
  const shift = (days: number): Date => DateTime.fromJSDate(first, { zone }).plus({ days }).toJSDate();
  const began = performance.now();
  const from = shift(-historyDays);
  const history = await collectHistory(runs.between({ from, to: shift(count) }, signal));
  const errors = errorTimesOf(history, await runs.errorsBefore(from, signal));
  terminal.say(`runs read in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  const known = await createSignatureStore(db).read(signaturesSince(history, from.getTime()), signal);
  const causeOf = causesOf(known.values());
  return listMornings(history, { first, count, now: new Date(), zone, errors, settings, causeOf });
}

const yesterday = (zone: string): Date =>
  startOfLocalDay(DateTime.now().setZone(zone).startOf("day").minus({ hours: 12 }).toJSDate(), zone);

function readDay(text: string, option: string, zone: string): Date {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? parseInstant(text, zone) : undefined;
  if (!day) throw new AppError("invalid_input", `${option}: ${text} is not a day; a day such as 2026-05-05 is wanted`);
  return day;
}

const readZone = (tz: string | undefined, { config }: CommandContext): string =>
  tz === undefined ? config.business.zone : parse(timeEnv.BUSINESS_TZ, tz, "--tz");

function readKinds(rule: string): FindingKind[] {
  return rule.split(",").map((name) => {
    const kind = findingKinds.find((one) => one === name.trim());
    if (!kind) throw new AppError("invalid_input", `--rule: ${name.trim()} is none of ${findingKinds.join(", ")}`);
    return kind;
  });
}
