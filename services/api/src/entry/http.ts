import type { Question } from "@flow-rag/contracts";
import { type Logger } from "@flow-rag/kernel";
import type { QuestionAnswer } from "@flow-rag/rag";
import express, { type Express } from "express";
import { health, type HealthChecks } from "./health.js";
import { notFound, reportError } from "./problem.js";
import { query } from "./query.js";

export type ApiDeps = {
  answer: (question: Question, signal: AbortSignal) => Promise<QuestionAnswer>;
  checks: HealthChecks;
};

/** Thin by rule: parse, call one function, serialise. */
export function createApp(deps: ApiDeps, log: Logger): Express {
  return express()
    .disable("x-powered-by")
    .use(express.json({ limit: "64kb" }))
    .post("/query", query(deps.answer))
    .get("/health", health(deps.checks))
    .use(notFound)
    .use(reportError(log));
}
