import { canFollowDay } from "./parse-date.js";
import { parseClockEnd } from "./parse-clock.js";
import type { TimeRef } from "./time-ref.js";
import { type Read, wordAt } from "./token-reader.js";
import { type Token, spokenNumber } from "./tokenize.js";

type Tokens = readonly Token[];
const hoursMost = 24;
const reading = (hour: number) => ({ hour, minute: 0, exact: false });

function hourAt(tokens: Tokens, index: number): number | undefined {
  const token = tokens[index];
  if (token?.kind === "word" && /^(a|an|un|une)$/.test(token.text)) return undefined;
  const value = spokenNumber(token);
  return value !== undefined && value <= hoursMost ? value : undefined;
}

const isFree = (tokens: Tokens, next: number): boolean => tokens[next] === undefined || canFollowDay(tokens, next);

/**
 * Beside a day numbers with nothing counted behind them are hours: `hier entre 8 et 10`, `ce matin de 6 à 9`,
 * `yesterday morning before 3`, `lundi 8 h`.
 */
export function bareHours(tokens: Tokens, index: number): Read<TimeRef> | undefined {
  const word = wordAt(tokens, index);
  const hours = hourRange(tokens, index);
  if (hours) return isFree(tokens, hours.next) ? hours : undefined;
  const bound = /^(avant|before)$/.test(word) ? "before" : /^(apres|after)$/.test(word) ? "after" : undefined;
  if (bound) {
    const hour = hourAt(tokens, index + 1);
    return hour !== undefined && isFree(tokens, index + 2) ? { value: { kind: bound, clock: reading(hour) }, next: index + 2 } : undefined;
  }
  const end = tokens[index]?.kind === "number" ? parseClockEnd(tokens, index) : undefined;
  if (!end?.value.sure || /^(de|d|of)$/.test(wordAt(tokens, end.next))) return undefined;
  return { value: { kind: "clock", clock: end.value.clock, around: false }, next: end.next };
}

function hourRange(tokens: Tokens, index: number): Read<TimeRef> | undefined {
  const word = wordAt(tokens, index);
  const joiners = /^(entre|between)$/.test(word) ? /^(et|and)$/ : /^(de|from)$/.test(word) ? /^(a|to|until|till)$/ : undefined;
  if (!joiners?.test(wordAt(tokens, index + 2))) return undefined;
  const [first, second] = [hourAt(tokens, index + 1), hourAt(tokens, index + 3)];
  if (first === undefined || second === undefined || first >= second) return undefined;
  return { value: { kind: "range", from: reading(first), to: reading(second) }, next: index + 4 };
}

/** `at 6`, `before six`, `from 8 to 10`: an hour that only the day behind it shows to be one. */
export function hourBeforeDay(tokens: Tokens, index: number): Read<TimeRef> | undefined {
  const hours = hourRange(tokens, index);
  if (hours) return hours;
  const word = wordAt(tokens, index);
  const hour = hourAt(tokens, index + 1);
  if (hour !== undefined && /^(before|avant)$/.test(word)) return { value: { kind: "before", clock: reading(hour) }, next: index + 2 };
  if (hour !== undefined && /^(after|apres)$/.test(word)) return { value: { kind: "after", clock: reading(hour) }, next: index + 2 };
  if (!/^(at|a)$/.test(word)) return undefined;
  const token = tokens[index + 1];
  const four = token?.kind === "number" && /^([01]\d|2[0-3])[0-5]\d$/.test(token.text) ? token.value : undefined;
  const clock = four === undefined ? hour : Math.floor(four / 100);
  if (clock === undefined) return undefined;
  const minute = four === undefined ? 0 : four % 100;
  return { value: { kind: "clock", clock: { hour: clock, minute, exact: minute > 0 }, around: false }, next: index + 2 };
}

/** `at 1730` behind a day. */
export const fourDigits = (tokens: Tokens, index: number): Read<TimeRef> | undefined =>
  tokens[index + 1]?.kind === "number" && tokens[index + 1]?.text.length === 4 ? hourBeforeDay(tokens, index) : undefined;
