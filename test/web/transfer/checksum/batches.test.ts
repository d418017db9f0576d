import { expect, test, vi } from "vitest";
import { createBatches } from "../../../../web/transfer/checksum/batches.ts";
import { createPiecesHash } from "../../../../web/transfer/checksum/hash-blob.ts";

const never = new AbortController().signal;
const blobOf = (index: number) => new Blob([`file ${index}`]);

function watched() {
  const hashPieces = vi.fn(createPiecesHash());
  return { hashPieces, hashBlob: createBatches(hashPieces) };
}

test("blobs that are asked for together are read as one, and each gets its own hash", async () => {
  const { hashPieces, hashBlob } = watched();
  const blobs = Array.from({ length: 40 }, (_, index) => blobOf(index));
  const together = await Promise.all(blobs.map((blob) => hashBlob(blob, "CRC32", never)));
  expect(hashPieces).toHaveBeenCalledTimes(3);
  const apart = [];
  for (const blob of blobs) apart.push(await hashBlob(blob, "CRC32", never));
  expect(together).toEqual(apart);
});

test("one that cannot be read fails alone", async () => {
  const { hashPieces, hashBlob } = watched();
  const read = hashPieces.getMockImplementation() ?? createPiecesHash();
  const bad = new Blob(["unreadable"]);
  const gone = new DOMException("gone", "NotFoundError");
  hashPieces.mockImplementation(async (blob, ...how) => {
    if ((await blob.text()).includes("unreadable")) throw gone;
    return read(blob, ...how);
  });
  const asked = [blobOf(1), bad, blobOf(2)].map((blob) => hashBlob(blob, "CRC32", never));
  const [first, second, third] = await Promise.allSettled(asked);
  expect(second).toEqual({ status: "rejected", reason: gone });
  expect(first).toEqual({ status: "fulfilled", value: await hashBlob(blobOf(1), "CRC32", never) });
  expect(third).toMatchObject({ status: "fulfilled" });
});

test("one that is no longer wanted does not stop the others", async () => {
  const { hashPieces, hashBlob } = watched();
  const read = hashPieces.getMockImplementation() ?? createPiecesHash();
  const stop = new AbortController();
  hashPieces.mockImplementationOnce((...job) => {
    stop.abort("enough");
    return read(...job);
  });
  const stopped = hashBlob(blobOf(1), "CRC32", stop.signal);
  const wanted = hashBlob(blobOf(2), "CRC32", never);
  await expect(stopped).rejects.toBe("enough");
  expect(await wanted).toBe(await hashBlob(blobOf(2), "CRC32", never));
});

test("reading ends when nobody wants any of it", async () => {
  const stop = new AbortController();
  let readSignal: AbortSignal | undefined;
  const hashBlob = createBatches((_blob, _sizes, _algorithm, signal) => {
    readSignal = signal;
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason)),
    );
  });
  const asked = [blobOf(1), blobOf(2)].map((blob) => hashBlob(blob, "CRC32", stop.signal));
  const settled = Promise.allSettled(asked);
  await vi.waitFor(() => expect(readSignal).toBeDefined());
  stop.abort("enough");
  expect((await settled).every(({ status }) => status === "rejected")).toBe(true);
  expect(readSignal?.aborted).toBe(true);
  await expect(hashBlob(blobOf(3), "CRC32", stop.signal)).rejects.toBe("enough");
});

test("different algorithms are not mixed", async () => {
  const { hashBlob } = watched();
  const check = new Blob(["123456789"]);
  const both = [hashBlob(check, "CRC32", never), hashBlob(check, "CRC64NVME", never)];
  expect(await Promise.all(both)).toEqual(["y/Q5Jg==", "rosUhgp5mIg="]);
});
