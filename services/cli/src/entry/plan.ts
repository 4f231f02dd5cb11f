import { question, type Language } from "@flow-rag/contracts";
import { AppError, parse } from "@flow-rag/kernel";
import { planQuestion, type Catalogue, type Plan } from "@flow-rag/rag";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { CommandContext } from "../deps.js";
import { readNow, readQuestions } from "./read-questions.js";

type Options = { question: string; now?: string; tz?: string; catalogue?: string; lang?: Language; json: boolean };

const names = z.array(z.string().min(1)).default([]);
const catalogueFile = z.strictObject({ pipelines: names, techs: names, environments: names });

/** `flow-rag plan`: how a question is understood, without any service. Resolves to false when a line of many could not be read. */
export async function plan(
  { config, terminal }: CommandContext,
  { question: asked, now: nowText, tz, catalogue: file, lang, json }: Options,
): Promise<boolean> {
  const zone = tz ?? config.business.zone;
  if (!isZone(zone)) throw new AppError("invalid_input", "--tz: a time zone such as Europe/Paris is wanted");
  const now = readNow(nowText, zone) ?? new Date();
  const catalogue = file === undefined ? { pipelines: [], techs: [] } : await readCatalogue(file);
  let failed = 0;
  for await (const text of readQuestions(asked)) {
    try {
      const { query } = parse(question, { query: text }, "question");
      const made = planQuestion(query, { now, zone, catalogue, ...(lang && { language: lang }) });
      terminal.result(json ? JSON.stringify({ question: text, ...made }) : describe(made));
    } catch (thrown) {
      if (asked !== "-") throw thrown;
      const { kind, message } = AppError.from(thrown); // the other lines are read all the same
      failed += 1;
      terminal.result(json ? JSON.stringify({ question: text, error: { kind, message } }) : `${kind}: ${message}`);
    }
  }
  return failed === 0;
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

async function readCatalogue(file: string): Promise<Catalogue> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new AppError("invalid_input", `--catalogue: ${file} cannot be read`, { cause });
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid_input", `--catalogue: ${file} is not JSON`, { cause });
  }
  return parse(catalogueFile, content, "--catalogue");
}

function describe({ operation, window, compareWindow, filters, groupBy, only, bound, limit, language, unresolved, assumed }: Plan): string {
  const of = ({ label, from, to }: NonNullable<Plan["window"]>) => `${label} [${from?.toISOString() ?? "…"}, ${to.toISOString()})`;
  const wanted = [
    ...filters.pipelines,
    ...filters.techs,
    ...filters.environments,
    ...filters.statuses,
    ...(filters.signatureText === null ? [] : [filters.signatureText]),
  ];
  return [
    `${operation} · ${language} · ${window ? of(window) : "all the data"}${window && !window.stated ? " (default)" : ""}`,
    ...(compareWindow ? [`compared with ${of(compareWindow)}`] : []),
    ...(wanted.length > 0 ? [`only ${wanted.join(", ")}`] : []),
    ...(groupBy ? [`by ${groupBy}${limit === null ? "" : `, ${limit} at most`}`] : []),
    ...(only ? [only === "new" ? "only what is new" : "only the latest run of each"] : []),
    ...(bound ? [`only where ${bound.comparison} ${bound.value}${bound.of === "share" ? " %" : ""}`] : []),
    ...assumed.map(({ text, name }) => `"${text}" taken for ${name}`),
    ...unresolved.map(
      ({ kind, text, near }) => `not understood (${kind}): "${text}"${near.length > 0 ? `, close to it: ${near.join(", ")}` : ""}`,
    ),
  ].join("\n");
}
