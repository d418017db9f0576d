import { Worker } from "node:worker_threads";

/** A query that needs more than this ends with its thread, and not with the server; in MiB. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 4 };

/** Starts a thread, from the built file or, where the server runs from source, from that. */
export function startThread(): Worker {
  const options = { resourceLimits: RESOURCE_LIMITS };
  if (!import.meta.url.endsWith(".ts")) {
    return new Worker(new URL("./query-thread.js", import.meta.url), options);
  }
  // A thread does not inherit the loader of its parent, and `--import` does not reach it on Node 20.
  const source = JSON.stringify(new URL("./query-thread.ts", import.meta.url).href);
  const bootstrap = `import("tsx/esm/api").then(({ register }) => { register(); return import(${source}); })`;
  return new Worker(bootstrap, { ...options, eval: true });
}
