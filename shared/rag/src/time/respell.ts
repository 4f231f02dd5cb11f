import { monthOf, weekdayNamed } from "./vocabulary.js";

/** Other spellings of what the grammar knows: "p.m.", "5.30pm", "14:05Z", "w-e", "s.46", "n°46", "18h/20h", "lundi/mardi". */
export function respell(text: string): string[] | undefined {
  const half = /^(\d{1,2}(?:[:.]\d{2})?)?([ap])\.?m$/.exec(text);
  if (half && text !== "am" && text !== "pm") return [`${half[1]?.replace(".", ":") ?? ""}${half[2]}m`];
  if (text === "w-e" || text === "w.e") return ["we"];
  const utc = /^(\d{1,2}:\d{2}(?::\d{2})?)z$/.exec(text);
  if (utc) return [utc[1] ?? "", "utc"];
  const week = /^(?:([sw])\.|n[°ºo]?)(\d{1,2})$/.exec(text);
  if (week && !/^n\d/.test(text)) return week[1] === undefined ? ["n", week[2] ?? ""] : [`${week[1]}${week[2]}`];
  const [first = "", second = "", more] = text.split("/");
  if (second === "" || more !== undefined) return undefined;
  if (/^\d{1,2}[h:]\d{0,2}$/.test(first) && /^\d{1,2}[h:]\d{0,2}$/.test(second)) return [first, "-", second];
  const both = (read: (word: string) => number | undefined) => read(first) !== undefined && read(second) !== undefined;
  return both(weekdayNamed) || both(monthOf) ? [first, "et", second] : undefined;
}
