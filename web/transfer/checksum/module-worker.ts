/**
 * Opens the worker from a file beside this one; bundlers know this form. A build into a single file has no file
 * beside it, and a page of another origin may not open it: there an opener of its own goes to `createWorkerHasher`.
 */
export function openModuleWorker(): Worker {
  return new Worker(new URL("./hash-worker.ts", import.meta.url), {
    type: "module",
    name: "part-hasher",
  });
}
