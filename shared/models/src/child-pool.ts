import { AppError, untilAborted, type Logger } from "@flow-rag/kernel";
import { ChildEnded, startChild, type Child, type ChildProgram } from "./child.js";

/** What a process of a pool is and what it holds. */
export interface PoolProcess {
  readonly program: ChildProgram["name"];
  readonly pid: number;
  /** Resident memory at its last answer. */
  readonly rssBytes: number;
}

export interface ChildPool<Q, A> {
  /**
   * The answer of the least busy child. A child that ends in between is replaced and the question asked again.
   * @throws the signal's reason; AppError `misconfigured` when the program does not load, `unexpected` when three children ended over it.
   */
  ask(question: Q, signal: AbortSignal): Promise<A>;
  /** Starts all children now; else each starts with its first question. */
  warmUp(): Promise<void>;
  processes(): PoolProcess[];
  /** The caller has no question underway any more. */
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly size: number;
  /** Memory that a child may take beyond what it held once loaded; with more it is replaced, its answer kept. */
  readonly maxGrowthBytes: number;
  readonly log: Logger;
}

/** One is computed while the next waits in the child's pipe: the child never waits for this process's event loop. */
const askedAtOnce = 2;
const attempts = 3;

type Slot<Q, A> = { child: Promise<Child<Q, A>> | undefined; asked: number };

/** Children that all run one program. They start when they are first needed. */
export function createChildPool<Q, A>(program: ChildProgram, { size, maxGrowthBytes, log }: PoolOptions): ChildPool<Q, A> {
  const slots: Slot<Q, A>[] = Array.from({ length: size }, () => ({ child: undefined, asked: 0 }));
  const running = new Set<Child<Q, A>>();
  const queue: (() => void)[] = [];
  const leaving = new Set<Promise<void>>();
  let warned = false;

  const startIn = (slot: Slot<Q, A>): Promise<Child<Q, A>> => {
    const starting = startChild<Q, A>(program);
    slot.child = starting;
    void starting.then(
      (child) => {
        running.add(child);
        void child.ended.then(() => (running.delete(child), empty(slot, starting)));
        if (child.warning !== undefined && !warned) log.warn({ program: program.name }, child.warning);
        warned ||= child.warning !== undefined;
      },
      () => empty(slot, starting), // whoever repairs the cause need not restart
    );
    return starting;
  };
  const empty = (slot: Slot<Q, A>, child: Slot<Q, A>["child"]): void => {
    if (slot.child === child) slot.child = undefined;
  };
  const retire = (slot: Slot<Q, A>, starting: Promise<Child<Q, A>>, child: Child<Q, A>): void => {
    empty(slot, starting);
    const gone = child.end().finally(() => leaving.delete(gone));
    leaving.add(gone);
  };

  const take = async (signal: AbortSignal): Promise<Slot<Q, A>> => {
    for (;;) {
      if (signal.aborted) queue.shift()?.(); // the turn it was given is the next one's
      signal.throwIfAborted();
      const slot = slots.reduce((best, next) => (next.asked < best.asked ? next : best));
      if (slot.asked < askedAtOnce) {
        slot.asked += 1;
        return slot;
      }
      await new Promise<void>((resolve) => queue.push(resolve));
    }
  };
  const giveBack = (slot: Slot<Q, A>): void => {
    slot.asked -= 1;
    queue.shift()?.();
  };

  const askIn = async (slot: Slot<Q, A>, question: Q): Promise<A> => {
    const starting = slot.child ?? startIn(slot);
    try {
      const child = await starting;
      const answer = await child.ask(question);
      const { now, loaded } = child.memory;
      if (now > loaded + maxGrowthBytes && slot.child === starting) {
        log.warn(
          { program: program.name, pid: child.pid, megabytes: Math.round(now / 1e6) },
          "child process replaced: it holds too much memory",
        );
        retire(slot, starting, child);
      }
      return answer;
    } catch (error) {
      if (error instanceof ChildEnded) empty(slot, starting);
      throw error;
    }
  };

  return {
    async ask(question, signal) {
      for (let attempt = 1; ; attempt += 1) {
        const slot = await take(signal);
        const asking = askIn(slot, question).finally(() => giveBack(slot));
        try {
          return await untilAborted(signal, asking);
        } catch (error) {
          if (!(error instanceof ChildEnded)) throw error;
          log.warn({ program: program.name, attempt }, error.message);
          if (attempt === attempts)
            throw new AppError("unexpected", `${error.message} ${attempts} times over the same question`, { cause: error });
        }
      }
    },
    async warmUp() {
      await Promise.all(slots.map((slot) => slot.child ?? startIn(slot)));
    },
    processes: () => [...running].map(({ pid, memory }) => ({ program: program.name, pid, rssBytes: memory.now })),
    async close() {
      const ends = slots.map(async (slot) => await (await slot.child?.catch(() => undefined))?.end());
      await Promise.all([...ends, ...leaving]);
    },
  };
}
