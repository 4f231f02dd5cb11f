import type { Context } from "@flow-rag/contracts";
import { withEvidence } from "./with-evidence.js";

const context = (id: string): Context => ({
  content: "disk full",
  meta: {
    id,
    source: "flows",
    pipeline: "orders-daily",
    tech: "Spark",
    status: "failed",
    ts: "2026-05-05T02:00:00.000Z",
    durationMs: null,
    signature: null,
    environment: null,
  },
  score: 1,
});

test("withEvidence, an answer that cites, names the records under it", () => {
  const citations = [
    { n: 1, id: "flows:b" },
    { n: 2, id: "flows:gone" },
  ];
  expect(withEvidence({ answer: "2 échecs [1] [2]", citations, contexts: [context("flows:a"), context("flows:b")] })).toBe(
    "2 échecs [1] [2]\n[1] flows:b · orders-daily · Spark · 2026-05-05T02:00:00.000Z\n[2] flows:gone",
  );
});

test("withEvidence, an answer that cites nothing, stays as it is", () => {
  expect(withEvidence({ answer: "0 échec.", citations: [], contexts: [context("flows:a")] })).toBe("0 échec.");
});
