export * from "./answer-question.js";
export * from "./evidence-index.js";
