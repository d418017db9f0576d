import { openAsBlob } from "node:fs";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { HashReply, HashRequest } from "../../../../web/transfer/checksum/hash-messages.ts";
import { serveHashes } from "../../../../web/transfer/checksum/serve-hashes.ts";

const CHECK = new Blob(["123456789"]);

/** The page's side, without a thread between: Node cannot send a blob of a file to one. */
function serving() {
  const replies: HashReply[] = [];
  let send: (request: HashRequest) => void = () => {};
  serveHashes({
    postMessage: (reply) => void replies.push(reply),
    addEventListener(_type, listener) {
      send = (data) => listener({ data });
    },
  });
  return { replies, send };
}

test("a part is answered with its hash, under the number of its job", async () => {
  const { replies, send } = serving();
  send({ kind: "hash", jobId: 7, blob: CHECK, sizesBytes: [9], algorithm: "CRC32" });
  await vi.waitFor(() => expect(replies).not.toEqual([]));
  expect(replies).toEqual([{ kind: "hashed", jobId: 7, values: ["y/Q5Jg=="] }]);
});

test("a file that has changed is answered with the name of the error", async () => {
  const folder = await mkdtemp(join(tmpdir(), "serve-hashes-"));
  try {
    const path = join(folder, "file");
    await writeFile(path, "123456789");
    const blob = await openAsBlob(path);
    await truncate(path, 4);
    const { replies, send } = serving();
    send({ kind: "hash", jobId: 7, blob, sizesBytes: [9], algorithm: "CRC64NVME" });
    await vi.waitFor(() => expect(replies).not.toEqual([]));
    expect(replies[0]).toMatchObject({ kind: "failed", jobId: 7, name: "NotReadableError" });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a cancelled part is read no further and not answered", async () => {
  const { replies, send } = serving();
  const canceled = vi.fn();
  const blob = new Blob(["never read".repeat(100_000)]);
  Object.defineProperty(blob, "stream", { value: () => new ReadableStream({ cancel: canceled }) });
  send({ kind: "hash", jobId: 1, blob, sizesBytes: [1_000_000], algorithm: "CRC32" });
  send({ kind: "hash", jobId: 2, blob: CHECK, sizesBytes: [9], algorithm: "CRC32" });
  await vi.waitFor(() => expect(replies).not.toEqual([]));
  expect(canceled).not.toHaveBeenCalled();
  send({ kind: "cancel", jobId: 1 });
  await vi.waitFor(() => expect(canceled).toHaveBeenCalledOnce());
  send({ kind: "hash", jobId: 3, blob: CHECK, sizesBytes: [9], algorithm: "CRC32" });
  await vi.waitFor(() => expect(replies).toHaveLength(2));
  expect(replies.map(({ jobId }) => jobId)).toEqual([2, 3]);
});
