import { compileCounted, type CountedPattern } from "./match-counted.js";

export type StepCounter = {
  /** Steps of every regular expression that synchronous work runs, by pattern. */
  count(work: () => void): ReadonlyMap<string, number>;
};

/**
 * Counts the steps of regular expressions, those after going back included, which `createOperationCounter` cannot see. Every search is done
 * twice, by the engine and counted; throws where they find different things, so what is counted is what runs.
 */
export function createStepCounter(): StepCounter {
  const { exec } = RegExp.prototype as { readonly exec: (this: RegExp, text: string) => RegExpExecArray | null };
  const patterns = new Map<string, CountedPattern>();
  let steps = new Map<string, number>();
  const counted = function (this: RegExp, text: string): RegExpExecArray | null {
    const name = `/${this.source}/${this.flags}`;
    const from = this.global || this.sticky ? this.lastIndex : 0;
    Object.assign(RegExp.prototype, { exec });
    try {
      const found = exec.call(this, text);
      const pattern = patterns.get(name) ?? compileCounted(this);
      patterns.set(name, pattern);
      const own = pattern.find(text, from);
      steps.set(name, (steps.get(name) ?? 0) + own.steps);
      if (own.index !== (found?.index ?? -1) || (found && own.end !== found.index + found[0].length))
        throw new Error(`${name} on ${JSON.stringify(text.slice(0, 200))}: counted ${own.index} to ${own.end}, found ${found?.index}`);
      return found;
    } finally {
      Object.assign(RegExp.prototype, { exec: counted });
    }
  };
  return {
    count(work) {
      steps = new Map();
      Object.assign(RegExp.prototype, { exec: counted });
      try {
        work();
      } finally {
        Object.assign(RegExp.prototype, { exec });
      }
      return steps;
    },
  };
}
