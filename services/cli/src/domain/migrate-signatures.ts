import { createFormReader, createRegrouping, maskedWordsOf, shareSignatureGroups, storedKeyOf, type Regrouping } from "@flow-rag/insights";
import type { IndexedRun, IndexedRuns, RunStore, SignatureJoins, SignatureStore } from "@flow-rag/stores";

export type MigrationDeps = {
  indexed: Pick<IndexedRuns, "page">;
  runs: Pick<RunStore, "moveSignatures">;
  signatures: Pick<SignatureStore, "each" | "stepsAfter" | "append" | "rememberTexts" | "restate" | "retitle">;
  joins: SignatureJoins;
  /** The mask version, whose groups are made. */
  tree: string;
};

const pageSize = 1_000;
/** A step of the groups is one document. */
const formsAtOnce = 500;

async function* pagesOf({ indexed }: MigrationDeps, signal: AbortSignal): AsyncGenerator<readonly IndexedRun[]> {
  for (let after = ""; ;) {
    const page = await indexed.page({ after, limit: pageSize }, signal);
    const last = page.at(-1);
    if (!last) return;
    yield page;
    after = last.id;
  }
}

/** What today's masks and rules make of every stored error. Reads only; holds one entry for each form of text. */
export async function planMigration(deps: MigrationDeps, signal: AbortSignal): Promise<Regrouping> {
  const { resolve } = await deps.joins.current(signal);
  const regrouping = createRegrouping();
  for await (const { id, example, firstSeen } of deps.signatures.each(signal))
    regrouping.take({ id: resolve(id), text: example, at: firstSeen, pipeline: null, tech: null });
  for await (const page of pagesOf(deps, signal))
    for (const { signature, error, ts, pipeline, tech } of page)
      if (signature && error !== null) regrouping.take({ id: resolve(signature), text: error, at: ts, pipeline, tech });
  return regrouping.plan();
}

/**
 * Stores the groups, then what leads to them, then what is known of them: whenever it stops, what runs bear is known. What a worker has learned
 * meanwhile stays one group, and its id leads to the older one.
 */
export async function storeGroups(deps: MigrationDeps, plan: Regrouping, signal: AbortSignal): Promise<void> {
  const { signatures: store, tree } = deps;
  const shared = shareSignatureGroups(store, tree);
  for (let begin = 0; begin < plan.forms.length; begin += formsAtOnce) {
    const part = plan.forms.slice(begin, begin + formsAtOnce);
    await shared.change((groups) => {
      for (const { text, id } of part) groups.join({ into: id, from: groups.place(text, () => id) });
    }, signal);
    await store.rememberTexts(tree, new Map(part.map(({ key, id }) => [key, id])));
  }
  await shared.change((groups) => plan.joined.forEach((pair) => groups.join(pair)), signal);
  await store.restate(plan.restated);
  await store.retitle(new Map(plan.signatures.map(({ id, template }) => [id, template])));
}

/** Gives the runs their signatures; returns how many had another. */
export async function moveRuns(deps: MigrationDeps, { forms }: Regrouping, signal: AbortSignal): Promise<number> {
  const { resolve } = await deps.joins.current(signal);
  const readForm = createFormReader();
  const ids = new Map(forms.map(({ key, id }) => [key, resolve(id)]));
  let moved = 0;
  for await (const page of pagesOf(deps, signal)) {
    const moves = page.flatMap(({ id, contentHash, signature: from, error }) => {
      const words = from && error !== null ? maskedWordsOf(error) : undefined;
      const to = words && ids.get(storedKeyOf(readForm(words)));
      return !from || to === undefined || resolve(from) === to ? [] : [{ id, contentHash, from, to }];
    });
    await deps.runs.moveSignatures(moves);
    moved += moves.length;
  }
  return moved;
}
