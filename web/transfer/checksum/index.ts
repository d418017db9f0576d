/** Checksums of parts off the main thread, and what joins them. */
export { combineParts } from "./combine-parts.ts";
export type { HashAlgorithm, PartHasher } from "./part-hasher.ts";
export { createWorkerHasher } from "./worker-hasher.ts";
