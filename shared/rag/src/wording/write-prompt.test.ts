import { french } from "../../test/yesterday-grounds.js";
import { writePrompt } from "./write-prompt.js";

const budget = 4_000;
const recordsOf = (template: string): string[] => {
  const records = french.records.map((record) => ({
    ...record,
    text: `${record.pipeline} · ${record.tech} · ${record.status} · ${record.ts.toISOString()}\n${record.text}`,
  }));
  const grounds = { ...french, template, records };
  const prompt = writePrompt({ question: "Combien d'échecs hier ?", instructions: "réponds.", grounds }, budget)[1]?.content ?? "";
  const [, lines = ""] = /enregistrements:\n([\s\S]*?)\n<\/data/.exec(prompt) ?? [];
  return lines.split("\n").filter((line) => line !== "");
};

test("writePrompt, one figure without a citation, gives no record", () =>
  expect(recordsOf("Hier (mar. 5 mai) : 12 échecs sur 3 412 exécutions.")).toEqual([]));

test("writePrompt, a fact that cites one record, gives that one and its heading once", () => {
  const lines = recordsOf("Hier (mar. 5 mai) : 12 échecs, surtout `crm-export` [2].");
  expect(lines).toHaveLength(1);
  expect(lines[0]?.split("crm-export")).toHaveLength(2);
  expect(lines[0]).toContain("[2] crm-export · Talend · failed · ");
});

test("writePrompt, a small budget, stays under it at 2.4 characters a token", () => {
  const template = [french.template, ...Array.from({ length: 200 }, (_, n) => `• ligne ${n}`)].join("\n");
  const messages = writePrompt({ question: "Combien ?", instructions: "réponds.", grounds: { ...french, template } }, 1_000);
  expect(messages.reduce((sum, { content }) => sum + content.length, 0)).toBeLessThanOrEqual(1_000 * 2.4);
});
