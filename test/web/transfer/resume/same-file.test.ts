import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type HashBlob,
  type HeldPart,
  partsToProve,
  proveSameFile,
} from "../../../../web/transfer/resume/same-file.ts";
import type { RecordedPart, UploadRecord } from "../../../../web/transfer/resume/upload-record.ts";
import { recordOf } from "./records.ts";

const BYTES = Uint8Array.from({ length: 100 }, (_, index) => index);
const LAST_MODIFIED = 1_700_000_000_000;
const never = new AbortController().signal;

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("base64");
const fileOf = (bytes: Uint8Array<ArrayBuffer>, lastModified = LAST_MODIFIED) =>
  new File([bytes], "film.mp4", { lastModified });

/** Ten parts of ten bytes, all held. */
const parts: RecordedPart[] = Array.from({ length: 10 }, (_, partIndex) => {
  const [start, end] = [partIndex * 10, partIndex * 10 + 10];
  const checksum = sha256(BYTES.subarray(start, end));
  return { partNumber: partIndex + 1, start, end, etag: '"e"', checksum };
});

function record(changes: Partial<UploadRecord> = {}): UploadRecord {
  const known = {
    sizeBytes: 100,
    lastModified: LAST_MODIFIED,
    checksumAlgorithm: "SHA256",
  } as const;
  return recordOf({ ...known, parts, ...changes });
}

/** Hashes for real, and counts what it read. */
function countingHash() {
  const read: string[] = [];
  const hash: HashBlob = async (blob, algorithm) => {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    read.push(`${algorithm} ${bytes[0]}`);
    return sha256(bytes);
  };
  return { hash, read };
}

describe("proveSameFile", () => {
  test("has nothing against the same file", async () => {
    const { hash, read } = countingHash();
    expect(await proveSameFile(fileOf(BYTES), record(), hash, never)).toBeNull();
    expect(read).toEqual(parts.map(({ start }) => `SHA256 ${start}`));
  });

  test.each([
    ["size", fileOf(BYTES.slice(1))],
    ["date", fileOf(BYTES, LAST_MODIFIED + 1)],
  ])("another %s is another file, without a byte being hashed", async (_, file) => {
    const { hash, read } = countingHash();
    expect(await proveSameFile(file, record(), hash, never)).toMatchObject({
      code: "file-changed",
    });
    expect(read).toEqual([]);
  });

  test("another byte in a part that was sent is another file, and the part is named", async () => {
    const changed = BYTES.with(34, 0);
    const failure = await proveSameFile(fileOf(changed), record(), countingHash().hash, never);
    expect(failure).toMatchObject({ code: "file-changed", remedy: "permanent" });
    expect(failure?.message).toContain("part 4");
  });

  test("parts that are not held, or were never hashed, prove nothing", async () => {
    const { hash, read } = countingHash();
    const loose = parts.map((part, index) => {
      if (index === 2) return part;
      return index % 2 ? { ...part, etag: null } : { ...part, checksum: null };
    });
    expect(await proveSameFile(fileOf(BYTES), record({ parts: loose }), hash, never)).toBeNull();
    expect(read).toEqual(["SHA256 20"]);
  });

  test("without checksums, size and date have to do", async () => {
    const { hash, read } = countingHash();
    const unhashed = record({ checksumAlgorithm: null });
    expect(await proveSameFile(fileOf(BYTES), unhashed, hash, never)).toBeNull();
    expect(read).toEqual([]);
  });

  test("a file that cannot be read any more is told as such", async () => {
    const gone = fileOf(BYTES);
    const notFound = new DOMException("gone", "NotFoundError");
    Object.defineProperty(gone, "slice", {
      value: () => ({ arrayBuffer: () => Promise.reject(notFound) }),
    });
    const failure = await proveSameFile(gone, record(), countingHash().hash, never);
    expect(failure).toMatchObject({ code: "file-unreadable" });
  });

  test("a file that goes away between two parts is told as such", async () => {
    const file = fileOf(BYTES);
    const notReadable = new DOMException("changed", "NotReadableError");
    const hash: HashBlob = () => {
      Object.defineProperty(file, "slice", {
        value: () => ({ arrayBuffer: () => Promise.reject(notReadable) }),
      });
      return Promise.reject(notReadable);
    };
    expect(await proveSameFile(file, record(), hash, never)).toMatchObject({
      code: "file-changed",
    });
  });

  test("a hash that fails by itself is not held against the file", async () => {
    const broken = new Error("the worker died");
    const proof = proveSameFile(fileOf(BYTES), record(), () => Promise.reject(broken), never);
    await expect(proof).rejects.toBe(broken);
  });

  test("rejects with the signal's reason", async () => {
    const { hash, read } = countingHash();
    const proof = proveSameFile(fileOf(BYTES), record(), hash, AbortSignal.abort("enough"));
    await expect(proof).rejects.toBe("enough");
    expect(read).toEqual([]);
  });
});

describe("partsToProve", () => {
  const heldParts = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 60 }).map((sizes) => {
    let start = 0;
    return sizes.map((size, partIndex): HeldPart => {
      const part = { partNumber: partIndex + 1, start, end: start + size };
      start += size;
      return { ...part, etag: '"e"', checksum: "x" };
    });
  });
  const lengthOf = (chosen: readonly HeldPart[]) =>
    chosen.reduce((sum, { start, end }) => sum + end - start, 0);

  test("takes first and last, each part once, in order, within the budget", () => {
    fc.assert(
      fc.property(heldParts, fc.integer({ min: 0, max: 2000 }), (held, budget) => {
        const chosen = partsToProve(held, budget);
        const ends = [...new Set([held.at(0), held.at(-1)])].filter((part) => part !== undefined);
        expect(chosen).toEqual(held.filter((part) => chosen.includes(part)));
        for (const part of ends) expect(chosen).toContain(part);
        expect(lengthOf(chosen)).toBeLessThanOrEqual(Math.max(budget, lengthOf(ends)));
      }),
    );
  });

  test("spreads what it reads evenly", () => {
    const held = Array.from({ length: 102 }, (_, partIndex): HeldPart => {
      const start = partIndex * 10;
      return { partNumber: partIndex + 1, start, end: start + 10, etag: '"e"', checksum: "x" };
    });
    const numbers = partsToProve(held, 60).map(({ partNumber }) => partNumber);
    expect(numbers).toEqual([1, 14, 39, 64, 89, 102]);
  });

  test("takes all where all fit", () => {
    const held = parts as HeldPart[];
    expect(partsToProve(held, 100)).toEqual(held);
  });
});
