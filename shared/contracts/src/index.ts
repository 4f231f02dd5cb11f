export * from "./environment.js";
export * from "./ids.js";
export * from "./questions.js";
export * from "./queues.js";
export * from "./record-filter.js";
export * from "./records.js";
export * from "./runs.js";
export * from "./sources.js";
