export * from "./content-hash.js";
export * from "./describe-run.js";
export * from "./drain.js";
export * from "./error-signature.js";
export * from "./normalise-record.js";
export * from "./run-status.js";
export * from "./series-detector.js";
export * from "./signature-miner.js";
