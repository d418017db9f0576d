import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MultipartStatement } from "../../../server/routes/upload-id.ts";
import { verifyParts } from "../../../server/routes/verify-parts.ts";
import type { StoredPart } from "../../../server/s3/index.ts";
import { ProblemError } from "../../../shared/problem.ts";
import { NOW } from "../scripted-storage.ts";

const MiB = 1024 * 1024;

type How = MultipartStatement["how"];

const EQUAL: How = {
  method: "multipart",
  uploadId: "u",
  sizeBytes: 20 * MiB,
  partSizes: "equal",
  partSizeBytes: 8 * MiB,
  partCount: 3,
  declared: null,
  maxBytes: null,
};
const FREE: How = { ...EQUAL, partSizes: "free", partCount: null };

function stating(how: How): MultipartStatement {
  const rest = { bucket: "bucket", key: "a.bin", owner: "ada", ifAbsent: true, tag: "tag" };
  return { ...rest, issuedAtMs: NOW.getTime(), how };
}

const sum = (value: string) => ({ algorithm: "CRC64NVME", value }) as const;

/** Parts of these sizes in MiB, by their numbers from 1 or from the second of a pair. */
function parts(...sizes: (number | readonly [size: number, partNumber: number])[]): StoredPart[] {
  return sizes.map((each, index) => {
    const [size, partNumber] = typeof each === "number" ? [each, index + 1] : each;
    return { partNumber, sizeBytes: size * MiB, etag: `"e${partNumber}"` };
  });
}

function faultOf(
  how: How,
  stored: readonly StoredPart[],
  given?: Parameters<typeof verifyParts>[2],
) {
  try {
    verifyParts(stating(how), stored, given);
    return null;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { code: error.code, message: error.message, partNumbers: error.partNumbers };
  }
}

describe("equal parts", () => {
  it.each<[string, StoredPart[], string, number[]]>([
    ["parts that are missing", parts(8), "Of 3 parts: missing: 2, 3.", [2, 3]],
    ["no parts", [], "Of 3 parts: missing: 1, 2, 3.", [1, 2, 3]],
    ["a short part", parts(8, 6, 4), "Of 3 parts: of another size or ETag: 2.", [2]],
    ["a long last part", parts(8, 8, 5), "of another size or ETag: 3.", [3]],
    ["a part too many", parts(8, 8, 4, 1), "stored, but not part of it: 4.", [4]],
  ])("refuse %s by number", (_, stored, message, partNumbers) => {
    expect(faultOf(EQUAL, stored)).toEqual({
      code: "upload-incomplete",
      message: expect.stringContaining(message),
      partNumbers,
    });
  });

  it("name at most 20 parts in words, and all of them as numbers", () => {
    const how = { ...EQUAL, sizeBytes: 8000 * MiB, partCount: 1000 };
    const fault = faultOf(how, []);
    expect(fault?.message).toMatch(/missing: 1, 2, .*, 20 and 980 more/);
    expect(fault?.partNumbers).toHaveLength(1000);
  });

  it("refuse a part whose ETag is not the one that the browser saw", () => {
    const given = [1, 2, 3].map((partNumber) => ({
      partNumber,
      etag: partNumber === 2 ? "x" : `e${partNumber}`,
    }));
    expect(faultOf(EQUAL, parts(8, 8, 4), given)?.partNumbers).toEqual([2]);
  });

  it("are all of one size where the size of the file was not known", () => {
    const unknown = { ...EQUAL, sizeBytes: null, partCount: null };
    expect(faultOf(unknown, parts(8, 8, 3))).toBeNull();
    expect(faultOf(unknown, parts(8, 6, 3))?.partNumbers).toEqual([2]);
    expect(faultOf(unknown, parts(8, 8, 9))?.partNumbers).toEqual([3]);
  });
});

describe("free parts", () => {
  const stored = parts(5, 9, 6);
  const given = stored.map((part) => ({ ...part }));

  it("may be of any sizes that make up the file in order", () => {
    expect(faultOf(FREE, stored, given)).toBeNull();
    expect(faultOf(FREE, stored)).toBeNull();
    expect(faultOf(FREE, parts(20), parts(20))).toBeNull();
  });

  it.each<[string, StoredPart[], StoredPart[] | undefined, string, number[]]>([
    ["that were named and are missing", parts(5, 9), given, "missing: 3", [3]],
    ["that are stored and were not named", stored, parts(5, 9), "not part of it: 3", [3]],
    ["with a gap", parts(5, [15, 3]), undefined, "missing: 2", [2]],
    ["with a gap that was named so", parts(5, [15, 3]), parts(5, [15, 3]), "missing: 2", [2]],
    ["between those that were named", stored, parts(5, [6, 3]), "not part of it: 2", [2]],
    ["of another size", stored, parts(5, 8, 6), "of another size or ETag: 2", [2]],
    ["too small for S3", parts(4, 10, 6), undefined, "below 5 MiB and not the last: 1", [1]],
    ["that are none", [], undefined, "there are no parts", []],
  ])("are refused by number: parts %s", (_, held, said, message, partNumbers) => {
    expect(faultOf(FREE, held, said)).toEqual({
      code: "upload-incomplete",
      message: expect.stringContaining(message),
      partNumbers,
    });
  });

  it("have to make up the whole file", () => {
    expect(faultOf(FREE, parts(5, 9), parts(5, 9))).toEqual({
      code: "upload-incomplete",
      message: `The 2 parts hold ${14 * MiB} bytes, and the file has ${20 * MiB}.`,
      partNumbers: undefined,
    });
    expect(faultOf({ ...FREE, sizeBytes: null }, parts(5, 9))).toBeNull();
  });

  it("stay below what the grant allows where the size was not known", () => {
    const granted = { ...FREE, sizeBytes: null, maxBytes: 14 * MiB };
    expect(faultOf(granted, parts(5, 9))).toBeNull();
    expect(faultOf(granted, parts(5, 9, 1))?.code).toBe("forbidden");
  });

  it("are compared by checksum where both sides have the same", () => {
    const held = stored.map((part) => ({ ...part, checksum: sum("right") }));
    const said = (values: string[]) =>
      given.map((part, index) => ({ ...part, checksum: sum(values[index] ?? "") }));
    expect(faultOf(FREE, held, said(["right", "right", "right"]))).toBeNull();
    expect(faultOf(FREE, held, said(["right", "wrong", "wrong"]))).toEqual({
      code: "checksum-mismatch",
      message: "Of 3 parts: of another checksum: 2, 3. Send them again.",
      partNumbers: [2, 3],
    });
    const others = given.map((part) => ({
      ...part,
      checksum: { algorithm: "SHA256", value: "x" } as const,
    }));
    expect(faultOf(FREE, held, others)).toBeNull();
    expect(faultOf(FREE, stored, said(["a", "b", "c"]))).toBeNull();
  });

  it("are complete exactly where they are what was said", () => {
    const sizes = fc.array(fc.integer({ min: 5, max: 50 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        sizes,
        fc.nat(),
        fc.constantFrom("drop", "shrink", "none"),
        (list, at, change) => {
          const sizeBytes = list.reduce((total, size) => total + size, 0) * MiB;
          const index = at % list.length;
          const whole = parts(...list);
          const held =
            change === "drop"
              ? whole.toSpliced(index, 1)
              : whole.map((part, each) =>
                  change === "shrink" && each === index
                    ? { ...part, sizeBytes: part.sizeBytes - 1 }
                    : part,
                );
          const fault = faultOf({ ...FREE, sizeBytes }, held, whole);
          return (fault === null) === (change === "none");
        },
      ),
    );
  });
});
