import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseRegisterName,
  registerName,
  registerPath,
  registerPrefix,
} from "../../../server/s3/register-name.ts";

const bytesOf = (text: string) => Buffer.from(text);
const character = fc.oneof(
  fc.constantFrom("/", ".", "-", "~", "\0", "ÿ", "€", "😀"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
);
const text = (maxBytes: number) =>
  fc
    .oneof(
      fc.string({ unit: character, minLength: 1, maxLength: maxBytes }),
      // Around every place where hex is cut.
      fc.integer({ min: 1, max: maxBytes }).map((length) => "a".repeat(length)),
    )
    .filter((made) => bytesOf(made).length <= maxBytes);
const size = fc.option(fc.maxSafeNat(), { nil: null });
const state = fc.constantFrom("open" as const, "paused" as const);

describe("the name of a register's entry", () => {
  it("gives back what it was made of, and has at most 1,024 bytes in segments of at most 255", () => {
    fc.assert(
      fc.property(text(1024), text(1024), size, state, (key, uploadId, fileSizeBytes, said) => {
        const name = registerName({ key, uploadId }, fileSizeBytes, said);
        expect(name).toMatch(/^\.sluice\/uploads\/[\w./~-]+$/);
        expect(name.length).toBeLessThanOrEqual(1024);
        for (const segment of name.split("/")) expect(segment.length).toBeLessThanOrEqual(255);
        expect(parseRegisterName(name)).toEqual({
          path: registerPath({ key, uploadId }),
          key: bytesOf(key).length > 300 ? null : key,
          uploadId: bytesOf(uploadId).length > 258 ? null : uploadId,
          fileSizeBytes,
          state: said,
        });
      }),
    );
  });

  it("sorts as the keys do, up to what of a key is in the name", () => {
    const near = fc
      .tuple(text(300), text(20), text(20))
      .map(([shared, left, right]) => [shared + left, shared + right, shared] as const);
    fc.assert(
      fc.property(near, text(100), text(100), (keys, left, right) => {
        for (const [a, b] of [keys, keys.slice(1), [keys[0], keys[2]]]) {
          const order = Buffer.compare(head(a), head(b));
          if (order === 0) continue;
          const names = [
            registerName({ key: a ?? "", uploadId: left }, 1, "open"),
            registerName({ key: b ?? "", uploadId: right }, null, "paused"),
          ].map(bytesOf);
          expect(Math.sign(Buffer.compare(...(names as [Buffer, Buffer])))).toBe(order);
        }
      }),
    );
  });

  it("starts with its key's prefix", () => {
    fc.assert(
      fc.property(text(500), text(500), (prefix, rest) => {
        const name = registerName({ key: prefix + rest, uploadId: "u" }, 5, "open");
        expect(name.startsWith(registerPrefix(prefix))).toBe(true);
      }),
    );
  });

  it("tells long keys of one beginning apart, and uploads of one key", () => {
    const long = "k".repeat(301);
    const paths = [long, `${long}k`, "k".repeat(300)].flatMap((key) =>
      ["u", "v", "u".repeat(400), `${"u".repeat(399)}v`].map((uploadId) =>
        registerPath({ key, uploadId }),
      ),
    );
    expect(new Set(paths).size).toBe(12);
  });

  it.each([
    "",
    "films/a.mp4",
    ".sluice/uploads/",
    ".sluice/uploads/61/-dQ/1.gone",
    ".sluice/uploads/61/-dQ/01.open",
    ".sluice/uploads/-dQ/1.open",
    ".sluice/uploads/61/dQ/1.open",
    ".sluice/uploads/61/-dQ/open",
  ])("is none: %s", (name) => {
    expect(parseRegisterName(name)).toBeNull();
  });
});

function head(key: string | undefined): Buffer {
  return bytesOf(key ?? "").subarray(0, 300);
}
