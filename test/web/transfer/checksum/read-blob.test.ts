import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createBlobReader } from "../../../../web/transfer/checksum/read-blob.ts";

const readBlob = createBlobReader();
const never = new AbortController().signal;

async function bytesOf(blob: Blob): Promise<Buffer> {
  const pieces: Buffer[] = [];
  // Copies: a piece may be written over.
  await readBlob(blob, (bytes) => void pieces.push(Buffer.from(bytes)), never);
  return Buffer.concat(pieces);
}

/** Large enough to be read as a stream. */
const LARGE = "x".repeat(300_000);

/** A blob whose stream the test makes. */
function streamedAs(blob: Blob, stream: () => ReadableStream<Uint8Array>): Blob {
  Object.defineProperty(blob, "stream", { value: stream });
  return blob;
}

function streamOf(...pieces: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(Buffer.from(piece));
      controller.close();
    },
  });
}

describe("the bytes of a blob", () => {
  test.each([0, 1, 1_048_576, 3_000_001])("arrive whole and in order, %i of them", async (size) => {
    const bytes = randomBytes(size);
    expect((await bytesOf(new Blob([bytes]))).equals(bytes)).toBe(true);
  });

  test("arrive from a slice", async () => {
    const bytes = randomBytes(2_500_000);
    const slice = new Blob([bytes]).slice(17, 2_400_001);
    expect((await bytesOf(slice)).equals(bytes.subarray(17, 2_400_001))).toBe(true);
  });

  test("arrive where the browser makes no byte stream of them", async () => {
    const blob = streamedAs(new Blob([LARGE, "end"]), () => streamOf(LARGE, "end"));
    expect((await bytesOf(blob)).toString()).toBe(`${LARGE}end`);
  });
});

describe("reading ends", () => {
  test("with the signal's reason while a piece is awaited, and the stream is let go", async () => {
    let letGo: unknown;
    const blob = streamedAs(
      new Blob([LARGE]),
      () => new ReadableStream({ cancel: (reason) => void (letGo = reason ?? "let go") }),
    );
    const stop = new AbortController();
    const reading = readBlob(blob, () => {}, stop.signal);
    stop.abort("enough");
    await expect(reading).rejects.toBe("enough");
    expect(letGo).toBe("let go");
  });

  test("with an error where the stream is shorter than the blob", async () => {
    const blob = streamedAs(new Blob([LARGE]), () => streamOf("hell"));
    await expect(bytesOf(blob)).rejects.toMatchObject({ name: "NotReadableError" });
  });

  test("with the reason of a byte read alone where the stream names none", async () => {
    const failing = () =>
      new ReadableStream({
        start: (controller) => controller.error(new TypeError("network error")),
      });
    const blob = streamedAs(new Blob([LARGE]), failing);
    await expect(bytesOf(blob)).rejects.toMatchObject({ name: "NotReadableError" });
    const gone = streamedAs(new Blob([LARGE]), failing);
    Object.defineProperty(gone, "slice", {
      value: () => ({ arrayBuffer: () => Promise.reject(new DOMException("", "NotFoundError")) }),
    });
    await expect(bytesOf(gone)).rejects.toMatchObject({ name: "NotFoundError" });
  });

  test("with what the taker throws", async () => {
    const error = new Error("no room");
    const refuse = () => {
      throw error;
    };
    await expect(readBlob(new Blob(["hello"]), refuse, never)).rejects.toBe(error);
  });
});
