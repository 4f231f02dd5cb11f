import { writeVerified, type WriteDeps } from "@flow-rag/rag";
import type { WriteProse } from "./prose.js";

const instructions = {
  fr: "Rédige le résumé du rapport : l'état des erreurs, la tendance par rapport aux jours précédents, les technos touchées. Deux à quatre phrases.",
  en: "Write the report's summary: the state of the errors, the trend against the days before, the technos concerned. Two to four sentences.",
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
