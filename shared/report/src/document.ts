import type { Inline } from "./voice.js";

/** A sign before a line: an emoji in Slack, a word elsewhere, so that nothing is told by colour alone. */
export type Mark = { readonly emoji: string; readonly label: string; readonly tone: Tone };
export type Tone = "bad" | "warn" | "good" | "plain";

/** One thing: who, how much, and a second line about it. */
export type Row = {
  readonly mark?: Mark;
  readonly head: readonly Inline[];
  readonly figure?: string;
  readonly note?: readonly Inline[];
  readonly mentions?: readonly Inline[];
};
export type Section =
  | { readonly kind: "paragraph"; readonly lines: readonly (readonly Inline[])[] }
  | { readonly kind: "figures"; readonly items: readonly { readonly label: string; readonly value: string; readonly change: string }[] }
  | {
      readonly kind: "rows";
      readonly heading: string;
      readonly rows: readonly Row[];
      readonly most: number;
      /** Of each row what names it where there is no room for it. */
      readonly brief?: readonly string[];
    }
  | { readonly kind: "pictures" };

/** A report as text, before any channel: every channel shows the same. */
export type ReportDocument = {
  readonly language: "fr" | "en";
  readonly mark: Mark;
  /** `Flux · mercredi 6 mai` */
  readonly title: string;
  readonly subject: string;
  readonly preheader: string;
  /** What a notification shows: our words and figures only. */
  readonly notification: string;
  readonly main: readonly Section[];
  /** Beside the main message: a thread in Slack, further down in an e-mail. */
  readonly details: readonly Section[];
  readonly footer: readonly (readonly Inline[])[];
  /** How to stop receiving it; for e-mail, whose headers name the address. */
  readonly stop: string;
  /** What heads the beginning of the details where they stand alone. */
  readonly detailsTitle: string;
  /** `… et 12 autres`, for rows that do not fit; `named`: the names of the first of them. */
  readonly more: (left: number, named?: readonly string[]) => string;
};
