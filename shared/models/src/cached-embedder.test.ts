import { setTimeout as sleep } from "node:timers/promises";
import { createCachedEmbedder } from "./cached-embedder.js";
import type { Embedder } from "./embedder.js";

const { signal } = new AbortController();

/** Two numbers a text, after `delayMs`; says what it was asked. */
function fakeEmbedder({ delayMs = 0, failures = 0 } = {}) {
  const asked: string[] = [];
  let left = failures;
  const embedder: Embedder = {
    kind: "lexical",
    fingerprint: "fake",
    dimensions: 2,
    mixtures: { errors: { words: 1, identifiers: 1 }, pages: { words: 1, identifiers: 1 } },
    async embedPassages(texts) {
      asked.push(...texts);
      await sleep(delayMs);
      if (left-- > 0) throw new Error("not now");
      return texts.map((text) => [text.length, 1]);
    },
    embedQuery: async (text) => [text.length, 2],
    async close() {},
  };
  return { asked, embedder };
}

test("cached embedder, a text again in another batch, is not embedded again and keeps its vector and place", async () => {
  const { asked, embedder } = fakeEmbedder();
  const cached = createCachedEmbedder(embedder, { maxBytes: 1e6 });
  const first = await cached.embedPassages(["a", "bb", "a"], signal);
  const second = await cached.embedPassages(["ccc", "bb"], signal);
  expect(first).toEqual([
    [1, 1],
    [2, 1],
    [1, 1],
  ]);
  expect(second).toEqual([
    [3, 1],
    [2, 1],
  ]);
  expect(asked).toEqual(["a", "bb", "ccc"]);
  expect(cached.stats()).toMatchObject({ hits: 2, misses: 3, entries: 3 });
});

test("cached embedder, the same text wanted by ten callers at once, is embedded once", async () => {
  const { asked, embedder } = fakeEmbedder({ delayMs: 20 });
  const cached = createCachedEmbedder(embedder, { maxBytes: 1e6 });
  const vectors = await Promise.all(Array.from({ length: 10 }, (_, i) => cached.embedPassages(["same", `own ${i}`], signal)));
  expect(asked.filter((text) => text === "same")).toHaveLength(1);
  expect(vectors.every(([same]) => same?.[0] === 4)).toBe(true);
});

test("cached embedder, the caller that embeds fails, the one that waited embeds the text itself", async () => {
  const { asked, embedder } = fakeEmbedder({ delayMs: 20, failures: 1 });
  const cached = createCachedEmbedder(embedder, { maxBytes: 1e6 });
  const [first, second] = await Promise.allSettled([cached.embedPassages(["same"], signal), cached.embedPassages(["same"], signal)]);
  expect([first.status, second.status]).toEqual(["rejected", "fulfilled"]);
  expect(asked).toEqual(["same", "same"]);
});

test("cached embedder, more texts than it may hold, keeps to its bytes and forgets what was used longest ago", async () => {
  const { asked, embedder } = fakeEmbedder();
  const cached = createCachedEmbedder(embedder, { maxBytes: 1_000 });
  await cached.embedPassages(["a", "b", "c", "d", "e"], signal);
  await cached.embedPassages(["a"], signal);
  await cached.embedPassages(
    Array.from({ length: 4 }, (_, i) => `x${i}`),
    signal,
  );
  expect(cached.stats().bytes).toBeLessThanOrEqual(1_000);
  asked.length = 0;
  await cached.embedPassages(["a", "b"], signal);
  expect(asked).toEqual(["b"]);
  await cached.embedPassages(["y".repeat(2_000)], signal);
  expect(cached.stats().bytes).toBeLessThanOrEqual(1_000);
});

test("cached embedder, aborted while another caller embeds the text, rejects with the reason at once", async () => {
  const { embedder } = fakeEmbedder({ delayMs: 200 });
  const cached = createCachedEmbedder(embedder, { maxBytes: 1e6 });
  const other = cached.embedPassages(["same"], signal);
  const controller = new AbortController();
  const waiting = cached.embedPassages(["same"], controller.signal);
  setTimeout(() => controller.abort(new Error("enough")), 10);
  await expect(waiting).rejects.toThrow("enough");
  expect(await other).toHaveLength(1);
});
