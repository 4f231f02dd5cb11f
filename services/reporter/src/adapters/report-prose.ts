import type { Logger } from "@flow-rag/kernel";
import type { ChatModel } from "@flow-rag/models";
import { writeVerified } from "@flow-rag/rag";
import type { ProseInput, WriteProse } from "@flow-rag/report";

const words = {
  fr: {
    question: "État des erreurs, tendances, technos impactées",
    instructions: "Rédige le résumé du rapport du matin en une à trois phrases : état des erreurs, tendance, technos touchées.",
  },
  en: {
    question: "State of errors, trends, technos concerned",
    instructions: "Write the morning report's summary in one to three sentences: state of errors, trend, technos concerned.",
  },
};

/**
 * The report's summary in the words of a language model, when every check of the verifier holds; else the template. Only the template is
 * what may be said: the texts of records are anybody's, and a figure in them must not become a fact.
 */
export const createReportProse =
  (chat: ChatModel, log: Logger): WriteProse =>
  async ({ language, zone, facts, template }, signal) => {
    const grounds = {
      language,
      template,
      statements: [],
      records: [],
      window: null,
      scope: [],
      names: namesOf(facts),
      list: null,
      zone,
      now: new Date(),
    };
    const { text, by, reason } = await writeVerified({ chat, log }, { ...words[language], grounds }, signal);
    return { text, by, reason };
  };

const namesOf = ({ failing, techs, worst }: ProseInput["facts"]) => ({
  pipeline: [...new Set([...failing, ...worst].map(({ pipeline }) => pipeline))],
  tech: techs.map(({ tech }) => tech),
});
