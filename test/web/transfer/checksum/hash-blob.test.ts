import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { openAsBlob } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createBlobHash, createPiecesHash } from "../../../../web/transfer/checksum/hash-blob.ts";

const hashBlob = createBlobHash();
const never = new AbortController().signal;

describe("hashing a blob", () => {
  test.each([
    ["CRC32", "y/Q5Jg=="],
    ["CRC32C", "4waSgw=="],
    ["CRC64NVME", "rosUhgp5mIg="],
    ["SHA256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="],
  ] as const)("%s of 123456789 is the published check value", async (algorithm, value) => {
    expect(await hashBlob(new Blob(["123456789"]), algorithm, never)).toBe(value);
  });

  test.each([
    ["CRC32", "AAAAAA=="],
    ["CRC64NVME", "AAAAAAAAAAA="],
    ["SHA256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="],
  ] as const)("%s of nothing is known", async (algorithm, value) => {
    expect(await hashBlob(new Blob([]), algorithm, never)).toBe(value);
  });

  test("a blob that is read in several pieces has the hash of its bytes", async () => {
    const bytes = randomBytes(5 * 1024 * 1024 + 3);
    const blob = new Blob([bytes]);
    expect(await hashBlob(blob, "SHA256", never)).toBe(
      createHash("sha256").update(bytes).digest("base64"),
    );
    expect(await hashBlob(blob.slice(1, 3_000_000), "CRC64NVME", never)).toBe(
      await hashBlob(new Blob([bytes.subarray(1, 3_000_000)]), "CRC64NVME", never),
    );
  });

  test("pieces of a blob have their own hashes, empty ones too", async () => {
    const texts = ["", "123456789", "", "", "a".repeat(700_000), "b", ""];
    const sizes = texts.map((text) => text.length);
    const hashPieces = createPiecesHash();
    for (const algorithm of ["CRC64NVME", "SHA256"] as const) {
      const apart = [];
      for (const text of texts) apart.push(await hashBlob(new Blob([text]), algorithm, never));
      expect(await hashPieces(new Blob(texts), sizes, algorithm, never)).toEqual(apart);
    }
  });

  test("two at once do not disturb each other", async () => {
    const blobs = [1, 2, 3].map((fill) => new Blob([new Uint8Array(3_000_000).fill(fill)]));
    for (const algorithm of ["CRC32C", "SHA256"] as const) {
      const apart = [];
      for (const blob of blobs) apart.push(await hashBlob(blob, algorithm, never));
      const together = blobs.map((blob) => hashBlob(blob, algorithm, never));
      expect(await Promise.all(together)).toEqual(apart);
    }
  });

  test("ends with the signal's reason, before it reads and in the middle", async () => {
    const blob = new Blob([new Uint8Array(4_000_000)]);
    const reason = new Error("enough");
    await expect(hashBlob(blob, "CRC32", AbortSignal.abort(reason))).rejects.toBe(reason);
    const stop = new AbortController();
    const hashed = hashBlob(blob, "CRC32", stop.signal);
    stop.abort(reason);
    await expect(hashed).rejects.toBe(reason);
  });

  test("a file that has changed cannot be read", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hash-blob-"));
    try {
      const path = join(folder, "file");
      await writeFile(path, randomBytes(3_000_000));
      const blob = await openAsBlob(path);
      await truncate(path, 1_000_000);
      await expect(hashBlob(blob, "CRC64NVME", never)).rejects.toMatchObject({
        name: "NotReadableError",
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
