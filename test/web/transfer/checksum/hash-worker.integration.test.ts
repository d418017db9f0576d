import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorkerHasher } from "../../../../web/transfer/checksum/worker-hasher.ts";

/** What a browser gives a worker, as far as it is used. */
const WORKER_SCOPE = `
  const { parentPort } = require("node:worker_threads");
  globalThis.self = {
    postMessage: (reply) => parentPort.postMessage(reply),
    addEventListener: (type, listener) => parentPort.on(type, (data) => listener({ data })),
  };`;

const never = new AbortController().signal;
const threads: Worker[] = [];
let script: string;

beforeAll(async () => {
  script = WORKER_SCOPE + (await bundle("hash-worker.ts"));
});

afterAll(async () => {
  await Promise.all(threads.map((thread) => thread.terminate()));
});

async function bundle(name: string): Promise<string> {
  const entry = fileURLToPath(
    new URL(`../../../../web/transfer/checksum/${name}`, import.meta.url),
  );
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, lib: { entry, formats: ["iife"], name: "worker" } },
  });
  const [bundled] = Array.isArray(built) ? built : [];
  const [file] = bundled?.output ?? [];
  if (!file) throw new Error("The worker was not built");
  return file.code;
}

function hasherOnThreads() {
  return createWorkerHasher(() => {
    const thread = new Worker(script, { eval: true });
    threads.push(thread);
    return {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
      postMessage: (request) => thread.postMessage(request),
      addEventListener: (type, listener) => thread.on(type, (data) => listener({ data })),
      terminate: () => void thread.terminate(),
    };
  });
}

test("the worker's script stands alone in a thread, and hashes there", async () => {
  const hasher = hasherOnThreads();
  const check = new Blob(["123456789"]);
  expect(await hasher.hash(check, "CRC64NVME", never)).toBe("rosUhgp5mIg=");
  expect(await hasher.hash(check, "CRC32", never)).toBe("y/Q5Jg==");
  expect(await hasher.hash(check, "CRC32C", never)).toBe("4waSgw==");
  expect(await hasher.hash(check, "SHA256", never)).toBe(
    "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
  );
  hasher.close();
});

test("a thread that dies takes its part along, and the next part gets a new thread", async () => {
  const hasher = hasherOnThreads();
  const openedBefore = threads.length;
  await hasher.hash(new Blob(["first"]), "CRC32", never);
  const lost = hasher.hash(new Blob([new Uint8Array(50_000_000)]), "SHA256", never);
  // No request has this form: the script throws, and nothing catches it.
  threads[openedBefore]?.postMessage(null);
  await expect(lost).rejects.toMatchObject({ name: "OperationError" });
  expect(await hasher.hash(new Blob(["123456789"]), "CRC32", never)).toBe("y/Q5Jg==");
  expect(threads).toHaveLength(openedBefore + 2);
  hasher.close();
});
