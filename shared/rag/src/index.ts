export * from "./answer-question.js";
export * from "./evidence-index.js";
export { planFollowUp } from "./plan/follow-up.js";
export type { Plan } from "./plan/plan.js";
export { planQuestion } from "./plan/plan-question.js";
export type { Catalogue } from "./plan/resolve-names.js";
export { citedRecords, type CitedRecord, type Grounds, type NameKind, type Violation } from "./verify/grounds.js";
export { verifyText } from "./verify/verify-text.js";
export { writeVerified, type WordingReason, type WriteDeps, type WriteTask, type WrittenText } from "./wording/write-verified.js";
