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

/** Elements that may stand in a message; none of them reads mark-up, opens an address by itself or calls everybody. */
const known = new Set(
  "header plain_text rich_text rich_text_section rich_text_list text emoji user usergroup context actions button".split(" "),
);
const lengthOf = (value: unknown): number => (value as { length: number }).length;

/** What breaks a limit or a rule, in words. */
function problemsOf({ text, blocks }: SlackMessage): string[] {
  const problems: string[] = [];
  const want = (holds: boolean, what: string): unknown => holds || problems.push(what);
  want(text.length > 0 && text.length <= 3_000 && escaped.test(text), `notification ${text}`);
  want(blocks.length > 0 && blocks.length <= 50, `${blocks.length} blocks`);
  want(JSON.stringify(blocks).length <= 13_000, `${JSON.stringify(blocks).length} characters`);
  for (const node of nodesOf(blocks)) {
    const type = node["type"] as string | undefined;
    want(type === undefined || known.has(type), `a ${type ?? ""}`); // a style has no type
    if (type === "header") want(lengthOf((node["text"] as Node)["text"]) <= 150, "a long header");
    if (type === "plain_text") want(escaped.test(node["text"] as string), `not escaped: ${String(node["text"])}`);
    if (type === "user") want(node["user_id"] === "U0MENTION", "a mention of somebody");
    if (type === "usergroup") want(node["usergroup_id"] === "S0MENTION", "a mention of a group");
    if (type?.startsWith("rich_text") || type === "context") want(lengthOf(node["elements"]) > 0, `an empty ${type}`);
    if (type === "context") want(lengthOf(node["elements"]) <= 10, "a long context");
    if (type === "button") want((node["url"] as string) === "https://flow-rag.example/", "a button elsewhere");
    if (type !== "text" && type !== "plain_text") continue;
    const said = node["text"] as string;
    want(said.length > 0 && said.length <= 3_000, `${said.length} characters of text`);
    want(!/<[!@#]|<[a-z]+:|[\p{Cs}\u202A-\u202E\u2066-\u2069\u200B]/iu.test(said), `shown: ${said}`);
  }
  return problems;
}

test("Slack, any report with any text, is within the limits, has no mark-up from records and mentions nobody but configured owners", () => {
  fc.assert(
    fc.property(arbitraryReport(20), (report) => {
      expect(messagesOf(report).flatMap(problemsOf)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test.each([
  ["a thousand", 1_000, 1_000],
  ["ten thousand", 10_000, 1_500],
])("Slack, %s failing pipelines, are named in the thread, or counted in its last line where it is full", (_many, many, least) => {
  const [report] = fc.sample(arbitraryReport(1), { numRuns: 1, seed: 7 });
  if (!report) throw new Error("no report");
  const instants = { first: report.window.from, last: report.window.from };
  const failing = Array.from({ length: many }, (_, index) => ({
    pipeline: `pipeline-${index}-${"x".repeat(60)}`,
    tech: "Spark",
    failures: many - index,
    runs: many,
    ...instants,
    stillFailing: true,
    owners: [],
    cause: { signature: "s", text: "é".repeat(300) },
  }));
  const messages = messagesOf({ ...report, language: "fr", all: { ...report.all, verdict: "eventful", signatures: [], failing } });
  expect(messages.flatMap(problemsOf)).toEqual([]);
  const all = JSON.stringify(messages);
  const named = failing.filter(({ pipeline }) => all.includes(`"${pipeline}"`) || all.includes(`${pipeline} (`)).length;
  const left = /Tous les pipelines en échec … et ([\d\s\u202f]+) autres/.exec(all)?.[1]?.replace(/\D/g, "") ?? 0;
  expect(named + Number(left)).toBe(many);
  expect(named).toBeGreaterThanOrEqual(least);
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
    const all = { ...sampled.all, verdict: "eventful" as const, incidents: [incident(state)], missing: [], late: null };
    return nodesOf(messagesOf({ ...sampled, all }).map(({ blocks }) => blocks)).filter(({ type }) => type === "usergroup").length;
  };
  expect([mentions("new"), mentions("ongoing")]).toEqual([1, 0]);
});

test.each(hostileTexts.map((text) => [text]))("Slack, the text %j, is escaped where escapes are read", (text) => {
  expect(escapeSlack(text)).toMatch(/^(?:[^&<>]|&(?:amp|lt|gt);)*$/);
});
