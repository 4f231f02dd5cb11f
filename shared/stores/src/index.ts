export * from "./cursor-store.js";
export type { SourceCursor } from "./cursor-value.js";
export * from "./dead-letter-store.js";
export * from "./extended-json.js";
export * from "./index-state-store.js";
export * from "./mongo.js";
export * from "./record-source.js";
export * from "./run-store.js";
export * from "./vector-store.js";
