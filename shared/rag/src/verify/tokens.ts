import type { NameKind } from "./grounds.js";

/** What a text is made of, as far as it can claim something. Words are folded: lower case, without accents. */
export type Token =
  | { readonly is: "name"; readonly name: string; readonly kind: NameKind }
  | { readonly is: "quote"; readonly text: string }
  | { readonly is: "cite"; readonly n: number }
  /** `spelled`: written as a word, so that "un" may be an article. */
  | { readonly is: "number"; readonly value: number; readonly form: "plain" | "percent" | "signed" | "ratio"; readonly spelled: boolean }
  /** `clock`: what it is if it is a time of day: "4 h", "8 h 15". */
  | { readonly is: "duration"; readonly ms: number; readonly clock: number | null }
  /** Month and day, `05-05`; with the year where it is said. */
  | { readonly is: "date"; readonly day: string; readonly year: number | null; readonly weekday: number | null }
  /** Minutes of the day. */
  | { readonly is: "clock"; readonly minute: number }
  /** A stretch of time that is named: `yesterday`, `lastWeek`, `weekday:2`, `month:05`, `year:2016`, `last:3:day`. */
  | { readonly is: "period"; readonly key: string }
  | { readonly is: "word"; readonly text: string; readonly raw: string; readonly coded: boolean }
  | { readonly is: "mark"; readonly text: string }
  | { readonly is: "end"; readonly of: "sentence" | "line" };

export type NameIndex = ReadonlyMap<string, readonly { readonly lower: string; readonly name: string; readonly kind: NameKind }[]>;
