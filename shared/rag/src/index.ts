export * from "./answer-question.js";
export { anyone, type Asker } from "./asker.js";
export * from "./conversations.js";
export * from "./evidence/evidence-index.js";
export { planFollowUp } from "./plan/follow-up.js";
export type { Plan } from "./plan/plan.js";
export { planQuestion } from "./plan/plan-question.js";
export type { Catalogue } from "./plan/resolve-names.js";
export { searchRuns } from "./search-runs.js";
