import { AppError } from "@flow-rag/kernel";
import { createSignatureGroups, type GroupChanges, type SignatureGroups } from "./signature-groups.js";

/** What became of the groups, numbered from 1 without a gap. */
type GroupStep = GroupChanges & { readonly version: number };
/** Where the steps are kept, by what they are the groups of: the mask version. */
export type GroupSteps = {
  /** Those after `version`, in order; not necessarily all at once. */
  stepsAfter(tree: string, version: number, signal: AbortSignal): Promise<readonly GroupStep[]>;
  /** False when there is a step of that number already. */
  append(tree: string, step: GroupStep): Promise<boolean>;
};

/** Lost races for the next step after which something is wrong. */
const mostRaces = 50;

/**
 * Groups that several processes change at once. A change is made on the groups as the store has them now and stored as the next step; when
 * another process was first, it never happened and is made again.
 */
export function shareSignatureGroups(store: GroupSteps, tree: string) {
  let groups = createSignatureGroups();
  let version = 0;
  // Groups are changed between waits, so one piece of work has them at a time.
  let turn: Promise<unknown> = Promise.resolve();

  async function catchUp(signal: AbortSignal): Promise<void> {
    for (;;) {
      const steps = await store.stepsAfter(tree, version, signal);
      for (const step of steps) {
        groups.apply(step);
        version = step.version;
      }
      if (steps.length === 0) return;
    }
  }

  function forget(): void {
    groups = createSignatureGroups();
    version = 0;
  }

  async function attempt<T>(work: (groups: SignatureGroups) => T, signal: AbortSignal): Promise<T> {
    for (let races = 0; races < mostRaces; races += 1) {
      await catchUp(signal);
      const result = work(groups);
      const { born, joined } = groups.takeChanges();
      if (born.length + joined.length === 0) return result;
      // Whether a step that failed was stored is not known: the store will tell.
      const isStored = await store.append(tree, { version: version + 1, born, joined }).catch((error: unknown) => {
        forget();
        throw error;
      });
      if (isStored) {
        version += 1;
        return result;
      }
      forget();
    }
    throw new AppError("upstream_unavailable", "the groups of errors are being changed by too many at once");
  }

  return {
    /** Does the work on the groups as they are stored now, and stores what it changed. The work may be done more than once. */
    async change<T>(work: (groups: SignatureGroups) => T, signal: AbortSignal): Promise<T> {
      const mine = turn.then(() => attempt(work, signal));
      turn = mine.catch(() => undefined);
      return await mine;
    },
    /** The groups as they were seen last, to be read only. */
    seen: (): SignatureGroups => groups,
  };
}
