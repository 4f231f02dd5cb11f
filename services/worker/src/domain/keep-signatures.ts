import { digest } from "@flow-rag/contracts";
import { createDrain, maskedWordsOf, maskVersion, signatureId, type DrainCluster, type MaskedWords } from "@flow-rag/insights";
import { AppError } from "@flow-rag/kernel";
import type { SignatureStore } from "@flow-rag/stores";

export type GivenSignature = { readonly id: string; readonly template: string };
export type SignatureKeeper = ReturnType<typeof createSignatureKeeper>;

/** Texts whose signature is kept in memory; each is some fifty bytes. */
const rememberedTexts = 20_000;
/** Lost races for the tree after which something is wrong. */
const mostRaces = 50;

/**
 * Gives error texts the signatures that every worker gives them: one tree for all, kept in the store. A text that was ever given a signature
 * keeps it. A new one is placed in the tree as the store has it now; when another worker changes the tree meanwhile, it is placed again.
 */
export function createSignatureKeeper(store: Pick<SignatureStore, "changesAfter" | "append" | "ofTexts" | "rememberTexts">) {
  let drain = createDrain();
  let version = 0;
  const given = new Map<string, string>();
  // The tree is changed between waits, so one batch is placed at a time.
  let queue: Promise<unknown> = Promise.resolve();

  async function catchUp(signal: AbortSignal): Promise<void> {
    for (const change of await store.changesAfter(maskVersion, version, signal)) {
      for (const cluster of change.clusters) drain.restore(cluster);
      version = change.version;
    }
  }

  async function placeNew(texts: ReadonlyMap<string, MaskedWords>, signal: AbortSignal): Promise<Map<string, string>> {
    for (let attempt = 0; attempt < mostRaces; attempt += 1) {
      await catchUp(signal);
      const placed = new Map<string, string>();
      const changed = new Map<string, DrainCluster>();
      for (const [key, text] of texts) {
        const { cluster, change } = drain.place(text, () => signatureId(text.tokens.join(" ")));
        placed.set(key, cluster.id);
        if (change !== "known") changed.set(cluster.id, cluster);
      }
      if (changed.size === 0) return placed;
      const clusters = [...changed.values()].map(({ id, tokens, anchor }) => ({ id, tokens, anchor }));
      // Whether a change that failed was stored is not known: the store will tell.
      const isStored = await store.append(maskVersion, version + 1, clusters).catch((error: unknown) => {
        forget();
        throw error;
      });
      if (isStored) {
        version += 1;
        return placed;
      }
      forget(); // what was placed here never happened
    }
    throw new AppError("upstream_unavailable", "the tree of signatures is being changed by too many at once");
  }

  function forget(): void {
    drain = createDrain();
    version = 0;
  }

  /** Signatures of the texts, by key, with the tree's templates up to date for them. */
  async function give(texts: ReadonlyMap<string, MaskedWords>, signal: AbortSignal): Promise<Map<string, GivenSignature>> {
    const unknown = [...texts.keys()].filter((key) => !given.has(key));
    const stored = await store.ofTexts(maskVersion, unknown, signal);
    const fresh = new Map([...texts].filter(([key]) => !given.has(key) && !stored.has(key)));
    if (fresh.size > 0) {
      await store.rememberTexts(maskVersion, await placeNew(fresh, signal));
      for (const [key, id] of await store.ofTexts(maskVersion, [...fresh.keys()], signal)) stored.set(key, id);
    }
    for (const key of texts.keys()) stored.set(key, stored.get(key) ?? given.get(key) ?? "");
    if ([...stored.values()].some((id) => !drain.get(id))) await catchUp(signal);
    if (given.size + stored.size > rememberedTexts) given.clear();
    for (const [key, id] of stored) given.set(key, id);
    return new Map(
      [...stored].map(([key, id]) => [key, { id, template: (drain.get(id)?.tokens ?? texts.get(key)?.tokens ?? []).join(" ") }]),
    );
  }

  return {
    /** One signature a text, in order; null for no text, and for one without words. */
    async assign(texts: readonly (string | null)[], signal: AbortSignal): Promise<(GivenSignature | null)[]> {
      const masked = texts.map((text) => (text === null ? undefined : maskedWordsOf(text)));
      const keys = masked.map((text) => text && digest("text", text.anchor, text.tokens.join(" ")));
      const distinct = new Map(masked.flatMap((text, index) => (text ? [[keys[index] ?? "", text] as const] : [])));
      const turn = queue.then(() => give(distinct, signal));
      queue = turn.catch(() => undefined);
      const signatures = await turn;
      return keys.map((key) => (key === undefined ? undefined : signatures.get(key)) ?? null);
    },
  };
}
