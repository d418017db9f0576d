import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createUploadIds, type UploadStatement } from "../../../server/routes/upload-id.ts";

const KEY = Buffer.alloc(32, 7);
const DAY_MS = 24 * 60 * 60 * 1000;
const statement: Omit<UploadStatement, "issuedAtMs"> = {
  bucket: "bucket",
  key: "Ünïcödé 🚀.bin",
  owner: "ada",
  ifAbsent: true,
  tag: "tag",
  how: {
    method: "multipart",
    uploadId: "2~abc",
    sizeBytes: 20_000_000,
    partSizeBytes: 8_388_608,
    partSizes: "equal",
    partCount: 3,
    declared: null,
    maxBytes: null,
  },
};

function idsAt(nowMs: number, bucket = "bucket", key = KEY) {
  return createUploadIds(key, bucket, () => nowMs);
}

describe("upload IDs", () => {
  const id = idsAt(1000).issue(statement);

  it("state what they were issued for", () => {
    expect(idsAt(2000).open(id, "ada")).toEqual({ ...statement, issuedAtMs: 1000 });
  });

  it("need no escaping in a URL", () => {
    expect(encodeURIComponent(id)).toBe(id);
  });

  it("stay short enough for a request line with the longest key and metadata", () => {
    const headers = { "x-amz-meta-a": "\\".repeat(2048) };
    const how = { method: "put", sizeBytes: 1, headers, checksum: null } as const;
    const longest = idsAt(0).issue({ ...statement, key: '"'.repeat(1024), how });
    expect(longest.length).toBeLessThan(12_288);
  });

  it("of before there were free parts and checksums are taken for what they were", () => {
    const { partSizes: _, declared: __, ...how } = statement.how as Record<string, unknown>;
    const old = idsAt(1000).issue({ ...statement, how } as typeof statement);
    expect(idsAt(2000).open(old, "ada")).toEqual({ ...statement, issuedAtMs: 1000 });
  });

  it("are refused by another owner, bucket or secret", () => {
    const refused = (code: string) => expect.objectContaining({ code });
    expect(() => idsAt(2000).open(id, "eve")).toThrow(refused("not-yours"));
    expect(() => idsAt(2000, "other").open(id, "ada")).toThrow(refused("id-invalid"));
    expect(() => idsAt(2000, "bucket", Buffer.alloc(32, 8)).open(id, "ada")).toThrow(
      refused("id-invalid"),
    );
  });

  it("end after seven days", () => {
    expect(idsAt(1000 + 7 * DAY_MS).open(id, "ada").key).toBe(statement.key);
    expect(() => idsAt(1001 + 7 * DAY_MS).open(id, "ada")).toThrow(
      expect.objectContaining({ code: "id-expired" }),
    );
  });

  it("do not survive the change of any character", () => {
    fc.assert(
      fc.property(fc.nat(id.length - 1), fc.constantFrom(..."aB3-_."), (at, char) => {
        fc.pre(id[at] !== char);
        const forged = id.slice(0, at) + char + id.slice(at + 1);
        try {
          idsAt(2000).open(forged, "ada");
        } catch (error) {
          return error instanceof Error && "code" in error && error.code === "id-invalid";
        }
        // The last character of base64 carries bits that do not count.
        return at === id.length - 1;
      }),
    );
  });

  it.each(["", ".", "..", "a.b.c", "eyJ9.", `${"A".repeat(43)}.${"A".repeat(43)}`])(
    "do not include %j",
    (forged) => {
      expect(() => idsAt(0).open(forged, "ada")).toThrow(
        expect.objectContaining({ code: "id-invalid" }),
      );
    },
  );
});
