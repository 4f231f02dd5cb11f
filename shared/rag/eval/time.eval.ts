import type { Evaluate } from "@flow-rag/testing";
import { readFileSync } from "node:fs";
import { instantOf } from "./instant-of.js";
import { mergeWindows, readTime } from "../src/time/read-time.js";

type Case = { readonly phrase: string; readonly expected: string; readonly now: Date; readonly zone: string };

/** Every phrase of time-phrases.txt as written, in capitals, without accents and with curly apostrophes. */
export const evaluate: Evaluate = async () => {
  const cases = readCases(readFileSync(new URL("time-phrases.txt", import.meta.url), "utf8"));
  const failures: { situation: string; phrase: string; expected: string; found: string }[] = [];
  const variants: Record<string, (text: string) => string> = {
    "as written": (text) => text,
    capitals: (text) => text.toUpperCase(),
    "no accents": (text) => (/\bdès\b/.test(text) ? text : text.normalize("NFD").replace(/\p{Mn}/gu, "")),
    "curly apostrophes": (text) => text.replaceAll("'", "’"),
  };
  const table = Object.entries(variants).map(([situation, change]) => {
    const wrong = cases.filter((each) => {
      const found = read({ ...each, phrase: change(each.phrase) });
      const right =
        situation === "as written"
          ? found === expectation(each)
          : found.split(" ")[0] === "unread"
            ? expectation(each).startsWith("unread")
            : found === expectation(each);
      if (!right) failures.push({ situation, phrase: each.phrase, expected: expectation(each), found });
      return !right;
    });
    return { variant: situation, phrases: cases.length, right: cases.length - wrong.length, wrong: wrong.length };
  });
  for (const { situation, phrase, expected, found } of failures.slice(0, 40))
    console.error(`${situation}: "${phrase}"\n  wanted ${expected}\n  found  ${found}`);
  return {
    table,
    summary: { phrases: cases.length, readings: cases.length * table.length, wrong: failures.length },
    passed: failures.length === 0,
  };
};

function readCases(text: string): Case[] {
  let now = new Date(Number.NaN);
  let zone = "";
  const cases: Case[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("now ")) {
      const [, instant = "", name = ""] = line.split(" ");
      now = new Date(instant);
      zone = name;
    } else if (line.includes(" => ") && !line.startsWith("#")) {
      const [phrase = "", expected = ""] = line.split(" => ");
      cases.push({ phrase, expected, now, zone });
    }
  }
  return cases;
}

/** What was found, in milliseconds: "123 .. 456". */
function read({ phrase, now, zone, expected }: Case): string {
  const { windows, ends, unread } = readTime(phrase, now, zone);
  if (unread.length > 0) return `unread ${unread.join(" / ")}`;
  if (windows.length === 0) return "none";
  const merged = expected.includes("&") ? (ends ?? windows) : [mergeWindows(windows)];
  return merged.map((window) => (window ? `${window.from?.getTime() ?? "-"} .. ${window.to.getTime()}` : "apart")).join(" & ");
}

function expectation({ expected, now, zone }: Case): string {
  if (!expected.includes("..")) return expected;
  const instant = (text: string) => (text === "now" ? now.getTime() : text === "-" ? "-" : instantOf(text, zone));
  return expected
    .split(" & ")
    .map((window) => window.split(" .. ").map(instant).join(" .. "))
    .join(" & ");
}
