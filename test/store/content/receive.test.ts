import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { receive } from "../../../server/store/content/receive.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });

async function* body(...pieces: number[]): AsyncGenerator<Uint8Array> {
  for (const sizeBytes of pieces) yield new Uint8Array(sizeBytes);
}

const drop = async (): Promise<void> => undefined;

describe("receiving a body", () => {
  test("keeps no piece in memory that is written, however long the body is", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage: unknown = runInNewContext("gc");
    const pieces: WeakRef<Uint8Array>[] = [];
    let alive = 0;
    async function* watched(): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < 200; index++) {
        const piece = new Uint8Array(1000);
        pieces.push(new WeakRef(piece));
        yield piece;
      }
      // A weak reference is held until the turn of the event loop ends.
      await new Promise(setImmediate);
      if (typeof collectGarbage === "function") collectGarbage();
      alive = pieces.filter((piece) => piece.deref() !== undefined).length;
    }
    const { signal } = new AbortController();
    await receive(watched(), { maxSizeBytes: 1e6, signal }, drop);
    expect(alive).toBeLessThan(10);
  });

  test("counts its bytes", async () => {
    expect(await receive(body(3, 4), { sizeBytes: 7, maxSizeBytes: 10 }, drop)).toBe(7);
  });

  test.each([
    ["shorter", [3]],
    ["longer", [3, 4, 1]],
  ])("%s than declared is incomplete", async (_, pieces) => {
    const received = receive(body(...pieces), { sizeBytes: 7, maxSizeBytes: 10 }, drop);
    await expect(received).rejects.toEqual(code("IncompleteBody"));
  });

  test("refuses a declared size above the maximum before it reads", async () => {
    let isRead = false;
    async function* watched(): AsyncGenerator<Uint8Array> {
      isRead = true;
      yield new Uint8Array(1);
    }
    const received = receive(watched(), { sizeBytes: 11, maxSizeBytes: 10 }, drop);
    await expect(received).rejects.toEqual(code("EntityTooLarge"));
    expect(isRead).toBe(false);
  });

  test("stops a body of unknown size at the maximum", async () => {
    await expect(receive(body(6, 6), { maxSizeBytes: 10 }, drop)).rejects.toEqual(
      code("EntityTooLarge"),
    );
  });

  test("takes the next piece only when the one before is written", async () => {
    let taken = 0;
    async function* watched(): AsyncGenerator<Uint8Array> {
      for (;;) {
        taken++;
        yield new Uint8Array(1);
      }
    }
    let release: (error: Error) => void = () => undefined;
    const blocked = new Promise<void>((_, reject) => {
      release = reject;
    });
    const received = receive(watched(), { maxSizeBytes: 10 }, () => blocked);
    await new Promise(setImmediate);
    expect(taken).toBe(1);
    release(new Error("full"));
    await expect(received).rejects.toThrow("full");
  });

  test("is ended by its signal while the client is silent, and lets go of the body", async () => {
    const abort = new AbortController();
    let isReturned = false;
    const silent: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: async () => {
          isReturned = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const received = receive(silent, { maxSizeBytes: 10, signal: abort.signal }, drop);
    const reason = new Error("gone");
    abort.abort(reason);
    await expect(received).rejects.toBe(reason);
    expect(isReturned).toBe(true);
  });
});
