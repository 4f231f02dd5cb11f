import { localDay } from "@flow-rag/kernel";
import type { Grounds, Violation } from "./grounds.js";
import { containsQuote } from "./contains-quote.js";
import type { KnownClaims } from "./known-claims.js";
import type { Sentence } from "./claims.js";
import { outcomeOf } from "./lexicon.js";

/** Citations exist, stand where a record is spoken of, and point to a record that says something of their sentence. */
export function checkCitations(
  sentences: readonly Sentence[],
  known: KnownClaims,
  { language, records, zone, names: namesOf }: Grounds,
): Violation[] {
  const found: Violation[] = [];
  const say = (fr: string, en: string) => found.push({ check: "citation", text: language === "fr" ? fr : en });
  const wanted = known.sentences.some(({ cites }) => cites.length > 0);
  const all = sentences.flatMap(({ cites }) => cites);
  if (wanted && all.length === 0) say("Il manque les citations [n] des faits.", "The citations [n] of the facts are missing.");
  const pipelines = new Set(namesOf.pipeline);
  for (const { cites, quotes, names, about, tokens } of sentences) {
    for (const n of cites) {
      const record = records[n - 1];
      if (!record) {
        say(`La citation [${n}] n'existe pas.`, `The citation [${n}] does not exist.`);
        continue;
      }
      const day = localDay(record.ts, zone).slice(5);
      const shares = tokens.some((token) => {
        if (token.is === "name") return token.name === record.pipeline || token.name === record.tech || token.name === record.environment;
        if (token.is === "quote")
          return (
            containsQuote(record.text, token.text.replace(/…$/, "")) ||
            record.text.split("\n").some((line) => containsQuote(line, token.text))
          );
        if (token.is === "date") return token.day === day;
        return token.is === "word" && outcomeOf(language, token.text) === record.status;
      });
      // Two lines may say the same of two pipelines: each has a record of its own.
      const spoken = spokenOf({ names, about }, pipelines);
      const cited = new Set([
        record.pipeline,
        ...known.sentences.filter((sentence) => sentence.cites.includes(n)).flatMap((sentence) => spokenOf(sentence, pipelines)),
      ]);
      const isOfAnother = spoken.length > 0 && !spoken.some((name) => cited.has(name));
      if (!shares || isOfAnother)
        say(`L'enregistrement [${n}] ne dit rien de cette phrase.`, `The record [${n}] says nothing of its sentence.`);
    }
    if (quotes.length === 0 || !wanted) continue;
    // A message that the facts cite has to be cited here too.
    for (const quote of quotes) {
      // What the template repeats of the question itself, and of no record, needs none.
      if (known.sentences.some((sentence) => sentence.cites.length === 0 && sentence.quotes.some((each) => each === quote))) continue;
      const sources = known.sentences.filter((sentence) => sentence.quotes.some((each) => containsQuote(each, quote)));
      const proofs = new Set(sources.flatMap((sentence) => sentence.cites));
      if (proofs.size > 0 && !cites.some((n) => proofs.has(n)))
        say(
          `Citez ${[...proofs].map((n) => `[${n}]`).join(" ou ")} après le message cité${names[0] ? ` de ${names[0].name}` : ""}.`,
          `Cite ${[...proofs].map((n) => `[${n}]`).join(" or ")} after the quoted message.`,
        );
    }
  }
  return found;
}

/** The pipelines that a sentence speaks of: those it names, else the one of its line. */
function spokenOf({ names, about }: Pick<Sentence, "names" | "about">, pipelines: ReadonlySet<string>): string[] {
  const spoken = names.length > 0 || about === null ? names.map(({ name }) => name) : [about];
  return spoken.filter((name) => pipelines.has(name));
}
