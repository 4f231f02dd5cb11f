import type { LyingModel } from "./lying-models.js";

const picked = <T>(items: readonly T[], turn: number): T | undefined => items[turn % Math.max(items.length, 1)];
const linesOf = (draft: string): string[] => draft.split("\n");
const withoutLine = (draft: string, at: number): string =>
  linesOf(draft)
    .filter((_, index) => index !== at)
    .join("\n");
/** Lines of a list that tell of one thing each, without "et 3 autres". */
const itemsOf = (draft: string, pattern: RegExp): { line: string; at: number }[] =>
  linesOf(draft).flatMap((line, at) => (pattern.test(line) ? [{ line, at }] : []));

/** One part of a line put into another line of the same text that has such a part too. */
const ofAnotherLine = (name: string, lines: RegExp, part: RegExp): LyingModel => ({
  name,
  lie(draft, turn) {
    const found = itemsOf(draft, lines).flatMap(({ line, at }) => {
      const text = part.exec(line)?.[0];
      return text === undefined ? [] : [{ line, at, text }];
    });
    const here = picked(found, turn);
    const other = found.find(({ text }) => text !== here?.text);
    if (!here || !other) return undefined;
    return linesOf(draft)
      .map((line, at) => (at === here.at ? line.replace(here.text, () => other.text) : line))
      .join("\n");
  },
});
const replacing = (name: string, pattern: RegExp, by: string): LyingModel => ({
  name,
  lie: (draft) => (pattern.test(draft) ? draft.replace(pattern, by) : undefined),
});
/** A text with one line less; `least`: how many such lines it takes. */
const leavingOut = (name: string, lines: RegExp, least: number): LyingModel => ({
  name,
  lie(draft, turn) {
    const items = itemsOf(draft, lines);
    const out = picked(items, turn);
    return out && items.length >= least ? withoutLine(draft, out.at) : undefined;
  },
});

const aboutAnError = /^(?:•|\d+\.) [«"]/;
const aboutAName = /^(?:•|\d+\.) [`*]/;
const aDay =
  /\d{1,2}(?:er)? (?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\.?(?=[ ,])/;

/** Models that say a true thing in the wrong place, or leave out what belongs to the answer. */
export const misplacedLies: readonly LyingModel[] = [
  replacing("never seen told as seen", /Jamais vu avant cette fenêtre|Never seen before this window/, "Seen before this window"),
  replacing("never seen told as seen, in French", /Jamais vu avant cette fenêtre/, "Vu avant cette fenêtre"),
  replacing("seen told as never seen", /Déjà vu.*/, "Jamais vu avant cette fenêtre."),
  replacing("seen told as never seen, in English", /Seen before:.*/, "Never seen before this window."),
  replacing("never seen of an error that was", /jamais vues? auparavant|never seen before/, "seen before"),
  ofAnotherLine("what another error has in common", aboutAnError, /(?<=; |[\u00a0\u202f ]; )`[^»"]*(?=\.(?: \[\d+\])?$)/),
  ofAnotherLine("the techno and place of another error", aboutAnError, /(?<=`), [^`;]+(?:, `[^`]+`)*(?=[,.](?: |$))/),
  ofAnotherLine("the day of another error", aboutAnError, aDay),
  ofAnotherLine("the day of another run", aboutAName, aDay),
  {
    name: "a rank of another",
    lie(draft, turn) {
      const items = itemsOf(draft, /^\d+\. /);
      const here = picked(items.slice(1), turn);
      return (
        here &&
        linesOf(draft)
          .map((line, at) => (at === here.at ? line.replace(/^\d+/, "1") : line))
          .join("\n")
      );
    },
  },
  {
    name: "two ranks exchanged",
    lie(draft) {
      const [first, second] = itemsOf(draft, /^\d+\. /);
      if (!first || !second) return undefined;
      const lines = linesOf(draft);
      lines[first.at] = second.line.replace(/^\d+/, "1");
      lines[second.at] = first.line.replace(/^\d+/, "2");
      return lines.join("\n");
    },
  },
  leavingOut("a line of a ranking left out", /^\d+\. /, 2),
  leavingOut("a line of a list left out", /^• [`*«"]/, 3),
  leavingOut("a line of a comparison left out", /^• .*(?: contre | against )/, 2),
  {
    name: "no run in the window left out",
    lie(draft) {
      const lines = linesOf(draft);
      const none = lines.findIndex((line, at) => at > 0 && /(?<!\d)0[ \u00a0\u202f](?:exécution|runs)/.test(line) && !/^•/.test(line));
      return none === -1 ? undefined : withoutLine(draft, none);
    },
  },
];
