/** Opens the worker from a file beside this one; bundlers know this form. */
export function openRunWorker(): Worker {
  return new Worker(new URL("./run-worker.ts", import.meta.url), {
    type: "module",
    name: "query",
  });
}
