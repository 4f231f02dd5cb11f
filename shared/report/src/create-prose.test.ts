import { createLogger } from "@flow-rag/kernel";
import type { ChatModel } from "@flow-rag/models";
import { createProse } from "./create-prose.js";
import type { ProseInput } from "./prose.js";

const signal = new AbortController().signal;
const log = createLogger("test", "silent");
const saying = (text: string): ChatModel => ({
  model: "fake",
  promptTokens: 4_000,
  totalMs: 20_000,
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
    techs: [{ tech: "Spark" }],
  } as unknown as ProseInput["facts"],
  template,
  window: { from: new Date("2026-05-05T05:30:00Z"), to: new Date("2026-05-06T05:30:00Z") },
  verdict: "4 échecs sur 48 exécutions (8,3 %), contre 5 la veille.",
  statements: ["Spark · 1 pipeline · 4 échecs sur 48 (8,3 %)"],
  names: { pipelines: ["commandes"], techs: ["Spark", "Airflow"] },
};

test("report prose, no model, is the template", async () => {
  expect(await createProse({ chat: undefined, log })(input, signal)).toEqual({ text: template, by: "template", reason: "no_llm" });
});

test("report prose, a model that keeps to the facts, has the say", async () => {
  const text = "Tous les échecs (4) viennent de Spark. Ils sont moins nombreux que la veille (5 échecs).";
  expect(await createProse({ chat: saying(text), log })(input, signal)).toEqual({ text, by: "llm", reason: "verified" });
});

test.each([
  ["another figure", "6 échecs, tous de Spark."],
  ["a figure that nobody computed", "999 échecs sur Airflow."],
  ["another techno", "4 échecs, tous de Airflow, sur 1 pipeline."],
])("report prose, a model that says %s, gives way to the template", async (_situation, text) => {
  expect(await createProse({ chat: saying(text), log })(input, signal)).toEqual({ text: template, by: "template", reason: "rejected" });
});
