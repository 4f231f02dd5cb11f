import {
  createFormReader,
  firstIdOf,
  maskedWordsOf,
  maskVersion,
  shareSignatureGroups,
  storedKeyOf,
  type MaskedWords,
} from "@flow-rag/insights";
import type { SignatureStore } from "@flow-rag/stores";

export type GivenSignature = { readonly id: string; readonly template: string };
export type SignatureKeeper = ReturnType<typeof createSignatureKeeper>;

/** Texts whose signature is kept in memory; each is some fifty bytes. */
const rememberedTexts = 20_000;

/**
 * Gives error texts the signatures that every worker gives them: one memory of groups for all, kept in the store. A form of text that was
 * ever given a signature keeps it, under the id that its history is kept under by now. A new one is placed among the groups as the store has
 * them; what that joins is one for every reader from that moment on.
 */
export function createSignatureKeeper(store: Pick<SignatureStore, "stepsAfter" | "append" | "ofTexts" | "rememberTexts" | "read">) {
  const readForm = createFormReader();
  const shared = shareSignatureGroups(store, maskVersion);
  const given = new Map<string, string>();

  async function placeNew(texts: ReadonlyMap<string, MaskedWords>, signal: AbortSignal): Promise<Map<string, string>> {
    return await shared.change((groups) => {
      const placed = [...texts].map(([key, text]) => [key, groups.place(text, () => firstIdOf(text))] as const);
      return new Map(placed.map(([key, id]) => [key, groups.resolve(id)]));
    }, signal);
  }

  /** Signatures of the texts, by key. */
  async function give(texts: ReadonlyMap<string, MaskedWords>, signal: AbortSignal): Promise<Map<string, GivenSignature>> {
    const unknown = [...texts.keys()].filter((key) => !given.has(key));
    const stored = await store.ofTexts(maskVersion, unknown, signal);
    const fresh = new Map([...texts].filter(([key]) => !given.has(key) && !stored.has(key)));
    if (fresh.size > 0) {
      await store.rememberTexts(maskVersion, await placeNew(fresh, signal));
      for (const [key, id] of await store.ofTexts(maskVersion, [...fresh.keys()], signal)) stored.set(key, id);
    }
    for (const key of texts.keys()) stored.set(key, stored.get(key) ?? given.get(key) ?? "");
    if (given.size + stored.size > rememberedTexts) given.clear();
    for (const [key, id] of stored) given.set(key, id);
    const templates = await templatesOf(new Set(stored.values()), signal);
    return new Map(
      [...stored].map(([key, first]) => {
        const id = shared.seen().resolve(first);
        return [key, { id, template: templates.get(id) ?? texts.get(key)?.tokens.join(" ") ?? "" }];
      }),
    );
  }

  /** By the ids that are kept. What is not held here is what the store says. */
  async function templatesOf(ids: ReadonlySet<string>, signal: AbortSignal): Promise<Map<string, string>> {
    const isHeld = (id: string): boolean => shared.seen().templateOf(id) !== undefined;
    if (![...ids].every(isHeld)) await shared.change(() => undefined, signal);
    const groups = shared.seen();
    const templates = new Map<string, string>();
    for (const id of ids) {
      const template = groups.templateOf(id);
      if (template) templates.set(groups.resolve(id), template.join(" "));
    }
    const missing = [...ids].map(groups.resolve).filter((id) => !templates.has(id));
    if (missing.length > 0) for (const [id, { template }] of await store.read(missing, signal)) templates.set(id, template);
    return templates;
  }

  return {
    /** One signature a text, in order; null for no text, and for one without words. */
    async assign(texts: readonly (string | null)[], signal: AbortSignal): Promise<(GivenSignature | null)[]> {
      const masked = texts.map((text) => (text === null ? undefined : maskedWordsOf(text)));
      const keys = masked.map((text) => text && storedKeyOf(readForm(text)));
      const distinct = new Map(masked.flatMap((text, index) => (text ? [[keys[index] ?? "", text] as const] : [])));
      const signatures = await give(distinct, signal);
      return keys.map((key) => (key === undefined ? undefined : signatures.get(key)) ?? null);
    },
  };
}
