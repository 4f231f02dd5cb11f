import { wordDoubts } from "@flow-rag/rag";
import type { FleetStatus } from "./status-schema.js";

type Row = readonly [name: string, ...values: (string | number | boolean | null)[]];

/** The status for a person's eyes; the same figures as the JSON. */
export function statusPage(status: FleetStatus, zone: string): string {
  const { sources, queues, index, report, dependencies, breakers, model } = status;
  const deliveries = Object.entries(report.deliveries ?? {}).map(([state, count]): Row => [`deliveries ${state}`, count]);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>flow-rag · ${status.status}</title>
<link rel="icon" href="/assets/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/page.css">
<main class="wide">
<h1>flow-rag · ${status.status}</h1>
<p>${escapeHtml(status.at)} · version ${escapeHtml(status.version)} · Node ${escapeHtml(status.node)}</p>
${table(
  "Sources",
  ["source", "records", "runs", "set aside", "status not read", "in parity", "read through", "indexed through"],
  sources.map((one) => [
    one.source,
    one.records,
    one.runs,
    one.setAside,
    one.unread?.runs ?? 0,
    one.inParity,
    one.enqueuedThrough,
    one.indexedThrough,
  ]),
)}
${table("Known doubt of the last 7 days", [""], doubtRows(status, zone))}
${table(
  "Queues",
  ["queue", "waiting", "active", "delayed", "failed", "oldest waiting (s)", "consumers", "health"],
  (queues ?? []).map(({ queue, counts, oldestWaitingSeconds, consumers, health, paused }) => [
    queue,
    counts["waiting"] ?? 0,
    counts["active"] ?? 0,
    counts["delayed"] ?? 0,
    counts["failed"] ?? 0,
    oldestWaitingSeconds,
    consumers,
    paused ? "paused" : health,
  ]),
)}
${queues ? "" : "<p>Redis does not answer: nothing is known of the queues.</p>"}
${table("Index", ["collection", "documents", "embedder"], index ? [[index.collection, index.documents, index.embedder]] : [])}
${table("Reports", ["", ""], [["last sent", report.lastSentAt], ...deliveries])}
${table(
  "Parts",
  ["part", "state"],
  [
    ...Object.entries(dependencies).map(([name, { status: state, ms, reason }]): Row => [
      name,
      `${state}, ${ms} ms${reason ? `: ${reason}` : ""}`,
    ]),
    ...Object.entries(breakers).map(([name, state]): Row => [`breaker ${name}`, state]),
    ["language model", model.chat ?? "none: answers are worded by the templates"],
    ...(model.tokens
      ? [["tokens today", `${model.tokens.used} of ${model.tokens.limit}, ${model.tokens.refused} calls refused`] as const]
      : []),
  ],
)}
</main>
</html>
`;
}

function doubtRows({ doubts, at }: FleetStatus, zone: string): Row[] {
  if (doubts === null) return [["what is known to be wrong or missing could not be looked up"]];
  if (doubts.length === 0) return [["none: the data are complete"]];
  return wordDoubts(doubts, { language: "en", zone, now: new Date(at) }).map((sentence): Row => [sentence]);
}

function table(title: string, head: readonly string[], rows: readonly Row[]): string {
  const cells = (tag: "th" | "td", values: Row | readonly string[]) =>
    values.map((value) => `<${tag}>${escapeHtml(show(value))}</${tag}>`).join("");
  return `<h2>${title}</h2>\n<div class="scroll"><table><thead><tr>${cells("th", head)}</tr></thead>\n<tbody>${rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n")}</tbody></table></div>`;
}

const show = (value: string | number | boolean | null): string =>
  value === null ? "unknown" : typeof value === "boolean" ? (value ? "yes" : "NO") : String(value);
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
