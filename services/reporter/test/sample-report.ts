import type { Delivery, RenderedReport } from "@flow-rag/contracts";

const pixel = Uint8Array.from(
  Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64"),
);

const section = (text: string) => ({ type: "section", text: { type: "plain_text", text } });

/** A small report with everything a report can have. */
export const sampleReport = (title: string): RenderedReport => ({
  slack: { message: { text: title, blocks: [section(title)] }, thread: [{ text: `${title}, détails`, blocks: [section("détails")] }] },
  email: { subject: title, text: `${title}\n`, html: `<p>${title}</p><img src="cid:failures.png" alt="Échecs">` },
  charts: [{ name: "failures.png", alt: "Échecs par jour", png: pixel }],
});

export const sampleDelivery = (fields: Partial<Delivery> = {}): Delivery => {
  const at = new Date("2026-05-06T05:30:00Z");
  return {
    id: "daily-2026-05-06-0123456789",
    reportId: "daily-2026-05-06-europe-paris",
    route: "default",
    channel: "slack",
    target: "C1",
    state: "pending",
    parts: [{ name: "main", state: "pending", startedAt: null, receipt: null, reason: null }],
    attempts: 0,
    reason: null,
    createdAt: at,
    requestedAt: at,
    dueAt: at,
    endedAt: null,
    ...fields,
  };
};
