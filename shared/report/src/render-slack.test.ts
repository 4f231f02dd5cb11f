import fc from "fast-check";
import type { SlackMessage } from "@flow-rag/contracts";
import { arbitraryReport, hostileTexts } from "../test/arbitrary-report.js";
import { composeDocument } from "./compose-document.js";
import { renderSlack } from "./render-slack.js";
import type { Report } from "./report.js";
import { escapeSlack } from "./slack-text.js";

type Node = Readonly<Record<string, unknown>>;

/** Every object in a message, whatever its depth. */
function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (typeof value !== "object" || value === null) return [];
  return [value as Node, ...Object.values(value).flatMap(nodesOf)];
}
const messagesOf = (report: Report): SlackMessage[] => {
  const { message, thread } = renderSlack(composeDocument(report, "default"), [
    { label: "Tableau de bord", url: "https://flow-rag.example/" },
  ]);
  return [message, ...thread];
};
const escaped = /^(?:[^&<>]|&(?:amp|lt|gt);)*$/;

function expectWithinLimits({ text, blocks }: SlackMessage): void {
  expect(text.length).toBeGreaterThan(0);
  expect(text.length).toBeLessThanOrEqual(3_000);
  expect(text).toMatch(escaped);
  expect(blocks.length).toBeGreaterThan(0);
  expect(blocks.length).toBeLessThanOrEqual(50);
  expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(13_000);
  for (const node of nodesOf(blocks)) {
    const type = node["type"];
    expect(type).not.toBe("mrkdwn");
    expect(["link", "broadcast", "channel", "image"]).not.toContain(type);
    if (type === "header") expect((node["text"] as { text: string }).text.length).toBeLessThanOrEqual(150);
    if (type === "plain_text") expect(node["text"]).toMatch(escaped);
    if (type === "user") expect(node["user_id"]).toBe("U0MENTION");
    if (type === "usergroup") expect(node["usergroup_id"]).toBe("S0MENTION");
    if (type === "rich_text_section") expect((node["elements"] as Node[]).length).toBeGreaterThan(0);
    if (type === "rich_text") expect((node["elements"] as Node[]).length).toBeGreaterThan(0);
    if (type === "context") expect((node["elements"] as Node[]).length).toBeLessThanOrEqual(10);
    if (type !== "text" && type !== "plain_text") continue;
    const said = node["text"] as string;
    expect(said.length).toBeGreaterThan(0);
    expect(said.length).toBeLessThanOrEqual(3_000);
    expect(said).not.toMatch(/<[!@#]|<[a-z]+:/i);
    expect(said).not.toMatch(/[\p{Cs}\u202A-\u202E\u2066-\u2069\u200B]/u);
  }
}

test("Slack, any report with any text, is within the limits, has no mark-up from records and mentions nobody but configured owners", () => {
  fc.assert(
    fc.property(arbitraryReport(25), (report) => {
      for (const message of messagesOf(report)) expectWithinLimits(message);
    }),
    { numRuns: 300 },
  );
});

test("Slack, a thousand failing pipelines, are all in the thread or counted in its last line", () => {
  const [report] = fc.sample(arbitraryReport(1), { numRuns: 1, seed: 7 });
  if (!report) throw new Error("no report");
  const instants = { first: report.window.from, last: report.window.from };
  const failing = Array.from({ length: 1_000 }, (_, index) => ({
    pipeline: `pipeline-${index}-${"x".repeat(60)}`,
    tech: "Spark",
    failures: 1_000 - index,
    runs: 1_000,
    ...instants,
    stillFailing: true,
    owners: [],
    cause: { signature: "s", text: "é".repeat(300) },
  }));
  const messages = messagesOf({ ...report, language: "fr", all: { ...report.all, verdict: "eventful", signatures: [], failing } });
  for (const message of messages) expectWithinLimits(message);
  const all = JSON.stringify(messages);
  const shown = failing.filter(({ pipeline }) => all.includes(`"${pipeline}"`)).length;
  const left = Number(
    /… et ([\d\s\u202f]+) autres/.exec(all.slice(all.indexOf("Tous les pipelines en échec")))?.[1]?.replace(/\D/g, "") ?? 0,
  );
  expect(shown + left).toBe(1_000);
  expect(shown).toBeGreaterThan(200);
});

test("Slack, an incident that is new, mentions its configured owner; one that goes on does not", () => {
  const [sampled] = fc.sample(arbitraryReport(1), { numRuns: 1, seed: 3 });
  if (!sampled) throw new Error("no report");
  const incident = (state: "new" | "ongoing") => ({
    state,
    severity: "critical" as const,
    tech: "dbt",
    pipelines: ["mart_finance"],
    kinds: ["new_error" as const],
    since: sampled.window.from,
    findings: [],
    cause: { signature: null, text: null },
    failures: 2,
    first: sampled.window.from,
    last: sampled.window.from,
    firstSeen: null,
    owners: [{ name: "Finance", mention: "S0MENTION" }],
    example: null,
  });
  const mentions = (state: "new" | "ongoing"): number => {
    const all = { ...sampled.all, verdict: "eventful" as const, incidents: [incident(state)], missing: [] };
    return nodesOf(messagesOf({ ...sampled, all }).map(({ blocks }) => blocks)).filter(({ type }) => type === "usergroup").length;
  };
  expect([mentions("new"), mentions("ongoing")]).toEqual([1, 0]);
});

test.each(hostileTexts.map((text) => [text]))("Slack, the text %j, is escaped where escapes are read", (text) => {
  expect(escapeSlack(text)).toMatch(/^(?:[^&<>]|&(?:amp|lt|gt);)*$/);
});
