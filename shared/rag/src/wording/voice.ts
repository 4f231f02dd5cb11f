import type { Context, Doubt, Language } from "@flow-rag/contracts";
import type { Facts } from "../facts/facts.js";
import type { Format } from "../number-format.js";
import type { Plan } from "../plan/plan.js";
import type { Catalogue } from "../plan/names.js";
import { runsNamed } from "./words.js";

/** What an answer is worded from. `citations[i]` is what `[i + 1]` points to. */
export type Wording = {
  readonly plan: Plan;
  readonly facts: Facts | undefined;
  readonly contexts: readonly Context[];
  readonly catalogue: Catalogue;
  readonly zone: string;
  readonly now: Date;
  /** What is known to be wrong or missing in what the facts rest on. */
  readonly doubts: readonly Doubt[];
  /** The index could not be asked: what is near in meaning is missing, the figures are whole. */
  readonly evidenceLost?: boolean;
};
export type Voice = Wording & {
  readonly language: Language;
  readonly french: boolean;
  readonly format: Format;
  readonly label: string;
  cite(runId: string | undefined): string;
};

/** `12 échecs sur 3 412 exécutions (0,4 %)`. */
export const matchingText = (voice: Voice, matching: number, runs: number): string => {
  const { plan, format, french, language } = voice;
  const { statuses } = plan.filters;
  const noun = runsNamed(language, statuses, matching);
  const several =
    statuses.length > 1 ? ` (${statuses.map((status) => runsNamed(language, [status], 2)).join(french ? " ou " : " or ")})` : "";
  if (statuses.length === 0) return `${format.number(matching)} ${noun}`;
  return `${format.number(matching)} ${noun}${several} ${french ? "sur" : "out of"} ${format.number(runs)} ${runsNamed(language, [], runs)} (${format.share(matching, runs)})`;
};
