import type { RunStatus } from "@flow-rag/contracts";

/** What a part of an unread word points to, the first that fits; a suggestion that a person checks, never a reading. */
const looks: readonly (readonly [RegExp, RunStatus])[] = [
  [/up.?stream|amont/i, "upstream_failed"],
  [/warn|avert|alert|partial|partiel/i, "warning"],
  [/cancel|annul|stop|kill|abandon|purg/i, "cancelled"],
  [/skip|ignor|omit|bypass|saut/i, "skipped"],
  [/wait|hold|attent|held|schedul|planif|pending|suspend/i, "waiting"],
  [
    /fail|err(?:or|eur|ed)?|exceed|abort|abend|crash|reject|refus|timed?.?out|limit|invalid|bad|anomal|incident|[eé]chec|[eé]chou|\bk\.?o\b|fault|denied|kaputt/i,
    "failed",
  ],
  [/(?<!p)\brun|progress|en.?cours|start|launch|lanc|execut|retry/i, "running"],
  [/succe|\bok\b|done|complet|finish|termin|r[eé]ussi|pass|good|valid/i, "success"],
];

/** The status that a word of a source looks like; undefined where nothing in it tells, and a person has to choose. */
export const suggestStatus = (word: string): RunStatus | undefined => looks.find(([look]) => look.test(word))?.[1];
