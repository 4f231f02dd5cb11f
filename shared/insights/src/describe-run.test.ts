import type { RunFacts } from "@flow-rag/contracts";
import { documentText, embeddedText } from "./describe-run.js";

const facts: RunFacts = {
  pipeline: "orders-daily",
  tech: "Spark",
  status: "failed",
  rawStatus: "KO",
  ts: new Date("2026-05-05T02:10:00Z"),
  durationMs: 2_472_000,
  error: "ExecutorLostFailure (executor 7 exited): exit code 137",
  environment: "prod",
  owner: "équipe Data",
  runRef: "run-12",
  recordsProcessed: 5,
};

test("embeddedText, a failed run, names it in both languages and masks the error", () => {
  expect(embeddedText(facts)).toBe(
    "orders-daily · Spark · échec (failed) · prod · équipe Data · ExecutorLostFailure (executor <num> exited): exit code 137",
  );
});

test("embeddedText, the same failure at another time, is the same text", () => {
  const again = {
    ...facts,
    ts: new Date("2026-06-01T00:00:00Z"),
    durationMs: 1,
    error: facts.error?.replace("7", "8") ?? null,
    runRef: "run-13",
  };
  expect(embeddedText(again)).toBe(embeddedText(facts));
});

test("embeddedText, little is known, has no empty parts", () => {
  expect(embeddedText({ ...facts, status: "unknown", rawStatus: "BIZARRE", error: null, environment: null, owner: null })).toBe(
    "orders-daily · Spark · statut inconnu (unknown status) · BIZARRE",
  );
});

test("documentText, a failed run, reads with its local time, duration and error", () => {
  expect(documentText(facts, "Europe/Paris")).toBe(
    "orders-daily · Spark · échec (failed) · prod · équipe Data · 2026-05-05 04:10 Europe/Paris · 41 min 12 s · " +
      "ExecutorLostFailure (executor 7 exited): exit code 137",
  );
});

test.each([
  [437, "437 ms"],
  [3_000, "3 s"],
  [3_240, "3,2 s"],
  [59_999, "1 min 00 s"],
  [3_599_999, "1 h 00 min"],
  [11_100_000, "3 h 05 min"],
])("documentText, %d ms, is written %s", (durationMs, expected) => {
  expect(documentText({ ...facts, durationMs }, "UTC").split(" · ")[6]).toBe(expected);
});

test("documentText, a long error, shows its first 600 characters and says that it goes on", () => {
  const text = documentText({ ...facts, error: "é".repeat(700) }, "UTC");
  expect(text.endsWith(`${"é".repeat(600)} …`)).toBe(true);
});
