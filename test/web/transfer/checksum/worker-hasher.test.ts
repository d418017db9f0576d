import { MessageChannel } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import type { HashReply, HashRequest } from "../../../../web/transfer/checksum/hash-messages.ts";
import type { HashWorker } from "../../../../web/transfer/checksum/hash-thread.ts";
import type { PartHasher } from "../../../../web/transfer/checksum/part-hasher.ts";
import { serveHashes } from "../../../../web/transfer/checksum/serve-hashes.ts";
import { createWorkerHasher } from "../../../../web/transfer/checksum/worker-hasher.ts";

const never = new AbortController().signal;
const CHECK = new Blob(["123456789"]);

/** A part, of which only a few are hashed at once. */
const largeBlob = (text: string) => new Blob([text.repeat(1024 * 1024)]);
const CHECK_CRC64 = "rosUhgp5mIg=";

const hashers: PartHasher[] = [];
afterEach(() => {
  for (const hasher of hashers.splice(0)) hasher.close();
});

/** A worker whose answers the test gives. */
class ScriptedWorker implements HashWorker {
  readonly requests: HashRequest[] = [];
  isTerminated = false;
  readonly #events = new EventTarget();

  postMessage(request: HashRequest): void {
    this.requests.push(request);
  }

  addEventListener(type: string, listener: (event: { data: HashReply }) => void): void {
    this.#events.addEventListener(type, (event) => {
      if (event instanceof MessageEvent) listener(event);
      else listener(new MessageEvent<HashReply>(type));
    });
  }

  terminate(): void {
    this.isTerminated = true;
  }

  /** Answers the request of the given index. */
  answer(index: number, value: string): void {
    const jobId = this.requests[index]?.jobId ?? 0;
    this.say({ kind: "hashed", jobId, values: [value] });
  }

  say(data: HashReply): void {
    this.#events.dispatchEvent(new MessageEvent("message", { data }));
  }

  die(): void {
    this.#events.dispatchEvent(new Event("error"));
  }
}

function scripted() {
  const workers: ScriptedWorker[] = [];
  const hasher = createWorkerHasher(() => {
    const worker = new ScriptedWorker();
    workers.push(worker);
    return worker;
  });
  hashers.push(hasher);
  const workerAt = (index: number): ScriptedWorker => {
    const worker = workers[index];
    if (!worker) throw new Error(`No worker ${index} was opened`);
    return worker;
  };
  return { hasher, workers, workerAt };
}

/** Lets promises that are settled already have their say. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("with the code that runs in the worker", () => {
  function connected(): PartHasher {
    const hasher = createWorkerHasher(() => {
      const { port1, port2 } = new MessageChannel();
      serveHashes({
        postMessage: (reply) => port2.postMessage(reply),
        addEventListener: (_type, listener) => port2.on("message", (data) => listener({ data })),
      });
      return {
        postMessage: (request) => port1.postMessage(request),
        addEventListener: (type, listener) => port1.on(type, (data) => listener({ data })),
        terminate: () => port1.close(),
      };
    });
    hashers.push(hasher);
    return hasher;
  }

  test.each([
    ["CRC32", "y/Q5Jg=="],
    ["CRC32C", "4waSgw=="],
    ["CRC64NVME", CHECK_CRC64],
    ["SHA256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="],
  ] as const)("%s of 123456789 is the published check value", async (algorithm, value) => {
    expect(await connected().hash(CHECK, algorithm, never)).toBe(value);
  });

  test("many parts at once each get their own hash", async () => {
    const hasher = connected();
    const parts = Array.from({ length: 20 }, (_, index) => new Blob([`part ${index}`]));
    const together = await Promise.all(parts.map((part) => hasher.hash(part, "CRC32", never)));
    const apart = [];
    for (const part of parts) apart.push(await hasher.hash(part, "CRC32", never));
    expect(together).toEqual(apart);
    expect(new Set(together).size).toBe(20);
  });
});

describe("the worker", () => {
  test("is opened for the first part, and closed with the hasher", async () => {
    const { hasher, workers, workerAt } = scripted();
    expect(workers).toEqual([]);
    const hashed = hasher.hash(CHECK, "CRC64NVME", never);
    await settle();
    hasher.close();
    await expect(hashed).rejects.toMatchObject({ name: "InvalidStateError" });
    expect(workerAt(0).isTerminated).toBe(true);
    await expect(hasher.hash(CHECK, "CRC64NVME", never)).rejects.toMatchObject({
      name: "InvalidStateError",
    });
    expect(workers).toHaveLength(1);
  });

  test("has two parts at once, the others wait in order", async () => {
    const { hasher, workerAt } = scripted();
    const blobs = ["a", "b", "c", "d"].map(largeBlob);
    for (const blob of blobs) hasher.hash(blob, "CRC32", never).catch(() => {});
    await settle();
    const blobsAsked = () => workerAt(0).requests.map((r) => (r.kind === "hash" ? r.blob : null));
    expect(blobsAsked()).toEqual(blobs.slice(0, 2));
    workerAt(0).answer(1, "b");
    await settle();
    expect(blobsAsked()).toEqual(blobs.slice(0, 3));
  });

  test("is told of a part that is no longer wanted, and its place is free at once", async () => {
    const { hasher, workerAt } = scripted();
    const stop = new AbortController();
    const first = hasher.hash(largeBlob("a"), "CRC32", stop.signal);
    const second = hasher.hash(largeBlob("b"), "CRC32", never);
    const third = hasher.hash(largeBlob("c"), "CRC32", never);
    await settle();
    stop.abort("enough");
    await expect(first).rejects.toBe("enough");
    await settle();
    const [a, b, cancelled, c] = workerAt(0).requests;
    expect(cancelled).toEqual({ kind: "cancel", jobId: a?.jobId });
    workerAt(0).answer(0, "too late");
    workerAt(0).answer(1, "of b");
    workerAt(0).answer(3, "of c");
    expect(await Promise.all([second, third])).toEqual(["of b", "of c"]);
    expect(new Set([a?.jobId, b?.jobId, c?.jobId]).size).toBe(3);
  });

  test("names what it could not read", async () => {
    const { hasher, workerAt } = scripted();
    const hashed = hasher.hash(CHECK, "CRC32", never);
    await settle();
    const jobId = workerAt(0).requests[0]?.jobId ?? 0;
    workerAt(0).say({ kind: "failed", jobId, name: "NotReadableError", message: "gone" });
    const error = await hashed.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DOMException);
    expect(error).toMatchObject({ name: "NotReadableError", message: "gone" });
  });

  test("that dies takes its parts along, and the next part gets a new one", async () => {
    const { hasher, workerAt } = scripted();
    const first = hasher.hash(CHECK, "CRC32", never);
    await settle();
    workerAt(0).answer(0, "first");
    expect(await first).toBe("first");
    const second = hasher.hash(CHECK, "CRC32", never);
    await settle();
    workerAt(0).die();
    await expect(second).rejects.toMatchObject({ name: "OperationError" });
    expect(workerAt(0).isTerminated).toBe(true);
    const third = hasher.hash(CHECK, "CRC32", never);
    await settle();
    workerAt(1).answer(0, "third");
    expect(await third).toBe("third");
  });

  test("that never answers before it dies is done without", async () => {
    const { hasher, workers, workerAt } = scripted();
    const hashed = hasher.hash(CHECK, "CRC64NVME", never);
    await settle();
    workerAt(0).die();
    expect(await hashed).toBe(CHECK_CRC64);
    expect(await hasher.hash(CHECK, "CRC64NVME", never)).toBe(CHECK_CRC64);
    expect(workers).toHaveLength(1);
  });

  test("that cannot be opened is done without", async () => {
    const hasher = createWorkerHasher(() => {
      throw new DOMException("policy", "SecurityError");
    });
    hashers.push(hasher);
    expect(await hasher.hash(CHECK, "CRC64NVME", never)).toBe(CHECK_CRC64);
    const stop = AbortSignal.abort("enough");
    await expect(hasher.hash(CHECK, "CRC64NVME", stop)).rejects.toBe("enough");
  });
});
