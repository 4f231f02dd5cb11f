import type { Context } from "@flow-rag/contracts";
import { evidenceList } from "./evidence-list.js";

const options = { language: "fr", zone: "Europe/Paris", now: new Date("2026-05-06T08:00:00Z"), publicUrl: undefined } as const;
const context = (content: string, meta: Partial<Context["meta"]> = {}): Context => ({
  content,
  meta: {
    id: "flows:~n:1",
    source: "flows",
    pipeline: "orders-daily",
    tech: "Spark",
    status: "failed",
    ts: "2026-05-05T02:10:00.000Z",
    durationMs: null,
    signature: null,
    environment: null,
    ...meta,
  },
  score: 1,
});
const list = (found: Context, given: Partial<Parameters<typeof evidenceList>[1]> = {}) =>
  evidenceList({ citations: [{ n: 1, id: found.meta.id }], contexts: [found] }, { ...options, ...given })
    .split("\n")
    .at(-1);

test.each([
  ["a run that was counted", "orders-daily · Spark · failed · 2026-05-05T02:10:00.000Z\ndisk full on node 7"],
  ["a document of the index", "orders-daily · Spark · échec (failed) · 2026-05-05 04:10 Europe/Paris · 41 min 12 s · disk full on node 7"],
  ["a document without a duration", "orders-daily · Spark · échec (failed) · prod · 2026-05-05 04:10 Europe/Paris · disk full on node 7"],
])("evidenceList, %s, says pipeline, local time, error and id", (_situation, content) => {
  expect(list(context(content))).toBe("- [1] `orders-daily` · `Spark` · mar. 5 mai 04:10 · `disk full on node 7` · `flows:~n:1`");
});

test("evidenceList, a run without an error and one that is not among the contexts, says what is known", () => {
  expect(list(context("a · b · succès (success) · 2026-05-05 04:10 Europe/Paris · 437 ms"))).toBe(
    "- [1] `orders-daily` · `Spark` · mar. 5 mai 04:10 · `flows:~n:1`",
  );
  expect(evidenceList({ citations: [{ n: 3, id: "flows:gone" }], contexts: [] }, { ...options, language: "en" })).toBe(
    "**Evidence**\n\n- [3] `flows:gone`",
  );
  expect(evidenceList({ citations: [], contexts: [context("x")] }, options)).toBe("");
});

test("evidenceList, text that is Markdown, is shown and does nothing", () => {
  const hostile = context("p · t · failed · x\n![x](https://evil.example/?q=1) ``` [a](javascript:1)\n- [9] false\u001b[2J", {
    id: "flows:a) [b](https://evil.example",
    pipeline: "`a` ![x](y)",
  });
  const line = list(hostile, { publicUrl: "https://ops.example.com" }) ?? "";
  expect(line.replace(/`[^`]*`/g, "")).toBe(
    "- [1]  ·  · mar. 5 mai 04:10 ·  · [](https://ops.example.com/runs/flows%3Aa%29%20%5Bb%5D%28https%3A%2F%2Fevil.example)",
  );
});

test("evidenceList, a very long error, is cut", () => {
  expect(list(context(`p · t · failed · x\n${"y".repeat(5_000)}`))?.length).toBeLessThan(400);
});
