import { Session, type Profiler } from "node:inspector";

/** What some work cost: the same figures on any machine, under any load. */
export type Operations = {
  /** Blocks of code that ran, each as often as it ran. */
  readonly blocks: number;
  /** Characters that regular expressions went past, without what they go back. */
  readonly characters: number;
  /** Formatters of dates and numbers that were made: a millisecond and 2 MB each. */
  readonly formatters: number;
};
export type OperationCounter = {
  /** Counts what synchronous work does. */
  count(work: () => void): Operations;
  close(): void;
};

/**
 * Counts operations by V8's own coverage, in files whose path holds `within`. For tests of growth: a clock on a shared machine tells
 * nothing. Code runs slowly until the counter is closed.
 */
export function createOperationCounter(within: string): OperationCounter {
  const session = new Session();
  session.connect();
  const post = <T>(method: string, parameters?: object): T => {
    let answer: unknown;
    session.post(method, parameters, (error, result) => {
      if (error) throw error;
      answer = result;
    });
    return answer as T;
  };
  const counters = { characters: 0, formatters: 0 };
  const putBack = countCalls(counters);
  post("Profiler.enable");
  post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const take = () => post<Profiler.TakePreciseCoverageReturnType>("Profiler.takePreciseCoverage").result;
  return {
    count(work) {
      take();
      Object.assign(counters, { characters: 0, formatters: 0 });
      work();
      const { characters, formatters } = counters;
      const blocks = take()
        .filter(({ url }) => url.includes(within))
        .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)))
        .reduce((sum, count) => sum + count, 0);
      return { blocks, characters, formatters };
    },
    close() {
      putBack();
      post("Profiler.stopPreciseCoverage");
      session.disconnect();
    },
  };
}

/** Counts what coverage does not see: the engine's own code. */
function countCalls(counters: { characters: number; formatters: number }): () => void {
  const { exec } = RegExp.prototype as { readonly exec: (this: RegExp, text: string) => RegExpExecArray | null };
  const { DateTimeFormat, NumberFormat } = Intl;
  const counted = <Made extends object>(made: Made): Made =>
    new Proxy(made, {
      construct(target, args) {
        counters.formatters += 1;
        return new (target as new (...given: unknown[]) => object)(...(args as unknown[]));
      },
    });
  RegExp.prototype.exec = function (this: RegExp, text: string) {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const found = exec.call(this, text);
    const anchored = this.sticky || (this.source.startsWith("^") && !this.multiline);
    counters.characters += found ? found.index + found[0].length - from : anchored ? 1 : text.length - from;
    return found;
  };
  Object.assign(Intl, { DateTimeFormat: counted(DateTimeFormat), NumberFormat: counted(NumberFormat) });
  return () => {
    Object.assign(RegExp.prototype, { exec });
    Object.assign(Intl, { DateTimeFormat, NumberFormat });
  };
}
