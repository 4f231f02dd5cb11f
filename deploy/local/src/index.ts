export { acquireLocalServices, type AcquireOptions, type LocalServices } from "./acquire.js";
export { startChroma } from "./chroma.js";
export { startMongo } from "./mongo.js";
export { startRedis } from "./redis.js";
export type { LocalService, ServiceName, StartOptions } from "./service.js";
