import { Worker } from "node:worker_threads";

/** Starts an ingest thread, from the built file or, where the server runs from source, from that. */
export function startThread(): Worker {
  if (!import.meta.url.endsWith(".ts")) {
    return new Worker(new URL("./ingest-thread.js", import.meta.url));
  }
  // A thread does not inherit the loader of its parent, and `--import` does not reach it on Node 20.
  const source = JSON.stringify(new URL("./ingest-thread.ts", import.meta.url).href);
  const bootstrap = `import("tsx/esm/api").then(({ register }) => { register(); return import(${source}); })`;
  return new Worker(bootstrap, { eval: true });
}
