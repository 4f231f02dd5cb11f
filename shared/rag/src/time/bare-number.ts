import type { DayLike, Ref } from "./time-ref.js";
import { type Read, skip, wordAt, words } from "./token-reader.js";
import { type Token, spokenNumber } from "./tokenize.js";

type Tokens = readonly Token[];
/** The 3 of "la nuit du 3 au 4". */
export function bareDay(tokens: Tokens, index: number): Read<DayLike> | undefined {
  const at = skip(tokens, index, words("le the"), 1);
  const token = tokens[at];
  if (/^(premier|first)$/.test(wordAt(tokens, at)) && /^(au|to)$/.test(wordAt(tokens, at + 1)))
    return { value: { kind: "date", day: 1 }, next: at + 1 };
  const value =
    token?.kind === "number"
      ? token.value
      : at > index || /^(le|the|du|au)$/.test(wordAt(tokens, at - 1))
        ? spokenNumber(token)
        : undefined;
  return value !== undefined && value >= 1 && value <= 31 && !/^(a|an|un|une)$/.test(token?.text ?? "")
    ? { value: { kind: "date", day: value }, next: at + 1 }
    : undefined;
}

/** The 3 of "du 3 au 7 novembre", and the 2024 of "de 2024 à 2025". */
export function bareEnd(tokens: Tokens, index: number, opened: boolean): Read<Ref> | undefined {
  const day = bareDay(tokens, index);
  const token = tokens[index];
  if (day && (opened || tokens[index + 1]?.kind === "hyphen")) return day;
  if (token?.kind === "number" && token.text.length === 4 && token.value >= 1970 && token.value <= 2099 && opened) {
    return {
      value: { kind: "span", span: { from: Date.UTC(token.value, 0, 1), to: Date.UTC(token.value + 1, 0, 1), name: "span" } },
      next: index + 1,
    };
  }
  return undefined;
}
