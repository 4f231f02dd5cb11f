import { question, type Question } from "@flow-rag/contracts";
import { parse } from "@flow-rag/kernel";
import type { QuestionAnswer } from "@flow-rag/rag";
import type { RequestHandler } from "express";

const answerWithinMs = 30_000;

/** POST /query. A caller who leaves ends the work. */
export const query =
  (answer: (question: Question, signal: AbortSignal) => Promise<QuestionAnswer>): RequestHandler =>
  async (req, res) => {
    const left = new AbortController();
    res.once("close", () => left.abort());
    res.json(await answer(parse(question, req.body, "request"), AbortSignal.any([AbortSignal.timeout(answerWithinMs), left.signal])));
  };
