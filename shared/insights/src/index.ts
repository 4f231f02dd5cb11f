export * from "./normalise-record.js";
export * from "./run-status.js";
