export * from "./answer-question.js";
export * from "./evidence-index.js";
export { planFollowUp } from "./plan/follow-up.js";
export type { Plan } from "./plan/plan.js";
export { planQuestion } from "./plan/plan-question.js";
export type { Catalogue } from "./plan/resolve-names.js";
export { createFormat, type Format } from "./number-format.js";
export { isMany, typeset } from "./wording/words.js";
