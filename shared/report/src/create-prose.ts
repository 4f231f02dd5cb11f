import { writeVerified, type WriteDeps } from "@flow-rag/rag";
import type { WriteProse } from "./prose.js";

const instructions = {
  fr: "Rédige le résumé du rapport comme un collègue qui raconte la nuit : où sont les échecs, si c'est plus ou moins que d'habitude, de quelles erreurs il s'agit, ce qui n'est pas rétabli. Deux à quatre phrases liées, pas de liste, pas d'introduction.",
  en: "Write the report's summary as a colleague would tell of the night: where the failures are, whether that is more or fewer than usual, which errors they are, what has not recovered. Two to four connected sentences, no list, no introduction.",
};
const question = { fr: "Résumé du rapport du matin", en: "Summary of the morning report" };

/**
 * A summary by a language model of which every figure, date and name is checked against the report's lines; the template's when a check
 * fails twice, when the model does not answer in time, and without a model.
 */
export const createProse =
  (deps: WriteDeps): WriteProse =>
  async ({ language, zone, window, facts, verdict, template, statements, names }, signal) => {
    const grounds = {
      language,
      template: `${verdict}\n${template}`,
      statements,
      records: [],
      window,
      scope: [],
      names: { pipeline: names.pipelines, tech: names.techs },
      list: { kind: "tech" as const, total: facts.techs.length },
      required: [],
      zone,
      now: window.to,
    };
    const { text, by, reason } = await writeVerified(
      deps,
      { question: question[language], instructions: instructions[language], grounds },
      signal,
    );
    return { text: by === "llm" ? text : template, by, reason };
  };
