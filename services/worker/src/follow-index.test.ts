import { AppError } from "@flow-rag/kernel";
import type { CachedEmbedder } from "@flow-rag/models";
import type { IndexState } from "@flow-rag/stores";
import { createActiveIndex } from "./follow-index.js";

const signal = new AbortController().signal;
const state = (name: string): IndexState => ({
  collection: `flows-${name}`,
  fingerprint: name,
  embedder: { kind: "lexical", fingerprint: name, dimensions: 2 },
  createdAt: new Date(0),
});

/** A pointer to set, and what was opened and closed. */
function world() {
  const pointer = { state: state("a") };
  const done: string[] = [];
  const unwritable = new Set<string>();
  const embedder = (name: string) =>
    ({
      stats: () => ({ hits: 2, misses: 1, entries: 1, bytes: 10 }),
      close: async () => void done.push(`close ${name}`),
    }) as unknown as CachedEmbedder;
  const index = createActiveIndex({
    states: { read: async () => pointer.state },
    async openEmbedder({ fingerprint }) {
      if (unwritable.has(fingerprint)) throw new AppError("misconfigured", `no embedder for ${fingerprint}`);
      done.push(`open ${fingerprint}`);
      return embedder(fingerprint);
    },
    openStores: async () => ({}) as never,
  });
  return { pointer, done, unwritable, index };
}

test("active index, the pointer stays, opens it once for all work and closes it at the end", async () => {
  const { done, index } = world();
  const used = await Promise.all([1, 2].map(() => index.use(async ({ fingerprint }) => fingerprint, signal)));
  await index.close();
  expect([used, done]).toEqual([
    ["a", "a"],
    ["open a", "close a"],
  ]);
});

test("active index, the pointer moves during the work, does it again with the new index and closes the former after its last user", async () => {
  const { pointer, done, index } = world();
  let finish = (): void => {};
  const long = index.use(async ({ fingerprint }) => {
    if (fingerprint === "a") await new Promise<void>((resolve) => (finish = resolve));
    return fingerprint;
  }, signal);
  await index.use(async () => {}, signal);
  pointer.state = state("b");
  expect(await index.use(async ({ fingerprint }) => fingerprint, signal)).toBe("b");
  expect(done).toEqual(["open a", "open b"]);
  finish();
  expect(await long).toBe("b");
  expect(done).toEqual(["open a", "open b", "close a"]);
  await index.close();
  expect(index.stats()).toMatchObject({ hits: 4, misses: 2 });
});

test("active index, the work fails because its index was dropped after a switch, does it again with the new one", async () => {
  const { pointer, index } = world();
  const used = await index.use(async ({ fingerprint }) => {
    pointer.state = state("b");
    if (fingerprint === "a") throw new AppError("invalid_input", "no such collection");
    return fingerprint;
  }, signal);
  expect(used).toBe("b");
  await expect(index.use(() => Promise.reject(new AppError("invalid_input", "wrong length")), signal)).rejects.toThrow("wrong length");
});

test("active index, the pointer moves to one that cannot be opened, fails each time until it moves back", async () => {
  const { pointer, unwritable, done, index } = world();
  await index.use(async () => {}, signal);
  unwritable.add("b");
  pointer.state = state("b");
  for (let turn = 0; turn < 2; turn += 1)
    await expect(index.use(async () => {}, signal)).rejects.toMatchObject({ kind: "misconfigured", message: "no embedder for b" });
  pointer.state = state("a");
  expect(await index.use(async ({ fingerprint }) => fingerprint, signal)).toBe("a");
  expect(done).toEqual(["open a", "close a", "open a"]);
});
