import { createLogger } from "@flow-rag/kernel";
import type { ChatModel } from "@flow-rag/models";
import type { ProseInput } from "@flow-rag/report";
import { createReportProse } from "./report-prose.js";

const signal = new AbortController().signal;
const log = createLogger("test", "silent");
const saying = (text: string): ChatModel => ({
  model: "fake",
  promptTokens: 4_000,
  complete: async () => ({ text, usage: null, model: "fake" }),
  async *stream() {
    yield text;
  },
  close: async () => {},
});
const template = "Tous les échecs (4) viennent de Spark, sur 1 pipeline. Les échecs sont moins nombreux que la veille (5 échecs).";
const input: ProseInput = {
  language: "fr",
  zone: "Europe/Paris",
  facts: {
    failing: [{ pipeline: "commandes" }],
    worst: [],
    techs: [{ tech: "Spark" }, { tech: "Airflow" }],
  } as unknown as ProseInput["facts"],
  template,
  evidence: [{ id: "sig", text: "commandes (4): 999 échecs sur Airflow" }],
};

test("report prose, a model that keeps to the facts, has the say", async () => {
  const text = "Tous les échecs (4) viennent de Spark. Ils sont moins nombreux que la veille (5 échecs).";
  expect(await createReportProse(saying(text), log)(input, signal)).toEqual({ text, by: "llm", reason: "verified" });
});

test.each([
  ["another figure", "6 échecs, tous de Spark."],
  ["a figure of a record's text", "999 échecs sur Airflow."],
  ["another techno", "4 échecs, tous de Airflow, sur 1 pipeline."],
])("report prose, a model that says %s, gives way to the template", async (_situation, text) => {
  expect(await createReportProse(saying(text), log)(input, signal)).toEqual({ text: template, by: "template", reason: "rejected" });
});
