import type { Language } from "@flow-rag/contracts";
import type { NameKind } from "./grounds.js";
import type { Token } from "./tokens.js";

/** What a claim is about: a name, a quoted error (`"…"`), a day (`@05-05`), or null: everything that was asked. */
export type Subject = string | null;

/**
 * One thing that a text says. `kinds` are the readings that its words allow, such as `failures` or `percent:failed`; `value` is a number,
 * or a word for what is no number. `subjects` are the ones it can be about, the likeliest first.
 */
export type Claim = {
  readonly subjects: readonly Subject[];
  readonly kinds: readonly string[];
  readonly value: number | string;
  readonly sort: "number" | "date" | "polarity" | "claim";
  /** For a duration: the moments, as dates with a time of day, that stand nearest to it in its sentence. */
  readonly moments?: readonly string[];
  /** As a reader would point at it. */
  readonly said: string;
};

export type Sentence = {
  readonly tokens: readonly Token[];
  readonly claims: readonly Claim[];
  readonly cites: readonly number[];
  readonly quotes: readonly string[];
  readonly names: readonly { readonly name: string; readonly kind: NameKind }[];
  /** What its line is about, where it names nothing itself. */
  readonly about: Subject;
  /** Names that are said to belong together: `orders-daily (Spark)`. */
  readonly pairs: readonly (readonly [string, string])[];
};

/** How a text is read. */
export type ReadOptions = {
  readonly language: Language;
  /** True when figures are given by the day: a day is then what they are about. */
  readonly byTime: boolean;
  /** True when they are by the hour of the day: an hour is then what they are about. */
  readonly byHour: boolean;
  /** What a number without a noun counts, if nothing before it says so: the kind of the figure that was asked for. */
  readonly asked: readonly string[];
  /** How names that are only listed are said to have ended, unless their sentence says; undefined: they are not said to. */
  readonly listedAs: string | undefined;
  /** True while what is true is read. */
  readonly proving: boolean;
  /** The quotation that a quoted text is a part of. */
  readonly quoteOf: (text: string) => string;
};

/** A part of a sentence between two joints. `depth`: brackets around it; `opening`: the joint before it. */
export type Segment = { readonly tokens: Token[]; readonly depth: number; readonly opening: string };
