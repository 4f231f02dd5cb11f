import type { Language, Scope } from "@flow-rag/contracts";
import { cleanLine, markup, type Html } from "@flow-rag/kernel";
import { createFormat, typeset } from "@flow-rag/rag";

/** Who looks at a page; null on pages for whoever has not signed in. */
export type Viewer = {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The only sources they may see; null is all of them. */
  readonly sources: readonly string[] | null;
  /** `session`: they can sign out. `open`: there is no key yet, and nobody need sign in. */
  readonly by: "session" | "key" | "open";
};

/** Everything about the reader that a page depends on, beside its data. */
export type PageView = {
  readonly language: Language;
  /** Business time zone, in which all times are told. */
  readonly zone: string;
  readonly now: Date;
  /** Path and query of the page, for links that come back to it. */
  readonly address: string;
  readonly viewer: Viewer | null;
};

/** The one of the two that is in the reader's language. */
export const say = ({ language }: PageView, french: string, english: string): string =>
  typeset(language, language === "fr" ? french : english);

const shownText = 300;
/** Text of a record: one line of visible characters that keeps its own direction and leaves its neighbours theirs. */
export const recordText = (text: string, most = shownText): Html => markup`<bdi>${cleanLine(text, most)}</bdi>`;

/** An instant in the reader's zone, with the machine's form behind it; a dash where it is not known. */
export function instantOf(view: PageView, instant: Date | string | null): Html {
  const at = typeof instant === "string" ? new Date(instant) : instant;
  if (at === null || Number.isNaN(at.getTime())) return instant === null ? dash : recordText(String(instant), 60);
  const format = createFormat(view.language, view.zone);
  return markup`<time datetime="${at.toISOString()}">${format.dayOfYear(at, view.now)} ${format.time(at)}</time>`;
}

export const numberOf = ({ language, zone }: PageView, value: number | null): Html =>
  value === null ? dash : markup`${createFormat(language, zone).number(value)}`;

export const durationOf = ({ language, zone }: PageView, ms: number | null): Html =>
  ms === null ? dash : markup`${createFormat(language, zone).duration(ms)}`;

export const dash = markup`<span class="quiet">–</span>`;

export type Tone = "good" | "warn" | "bad" | "plain";
const marks: Readonly<Record<Tone, string>> = { good: "✓", warn: "▲", bad: "●", plain: "·" };
/** A word with a sign and a colour: never the colour alone. */
export const badge = (tone: Tone, word: string): Html =>
  markup`<span class="badge ${tone}"><span aria-hidden="true">${marks[tone]}</span> ${word}</span>`;
