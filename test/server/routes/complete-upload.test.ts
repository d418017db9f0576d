import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { completeUpload } from "../../../server/routes/complete-upload.ts";
import type { UploadStatement } from "../../../server/routes/upload-id.ts";
import { ProblemError } from "../../../shared/problem.ts";
import { NOW, scriptStorage, storedObject } from "../scripted-storage.ts";

const MiB = 1024 * 1024;
const SIZES = [8 * MiB, 8 * MiB, 4 * MiB];
const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const ETAGS = SIZES.map((_, index) => md5(`part ${index + 1}`));
const ETAG = `"${createHash("md5").update(ETAGS.join(""), "hex").digest("hex")}-3"`;
const GIVEN = ETAGS.map((etag, index) => ({ partNumber: index + 1, etag: `"${etag}"` }));

const statement: UploadStatement = {
  bucket: "bucket",
  key: "a.bin",
  owner: "ada",
  ifAbsent: true,
  issuedAtMs: NOW.getTime(),
  how: {
    method: "multipart",
    uploadId: "u",
    sizeBytes: 20 * MiB,
    partSizeBytes: 8 * MiB,
    partCount: 3,
    maxBytes: null,
  },
};

function withParts(sizes: readonly number[] = SIZES) {
  const scripted = scriptStorage();
  scripted.uploads.set(
    "u",
    sizes.map((sizeBytes, index) => ({
      partNumber: index + 1,
      sizeBytes,
      etag: `"${ETAGS[index] ?? md5("more")}"`,
    })),
  );
  const { gateway } = scripted.storage;
  return { ...scripted, gateway };
}

describe("completing a multipart upload", () => {
  it("answers size and ETag as the storage confirms them", async () => {
    const { gateway, calls } = withParts();
    expect(await completeUpload(statement, {}, gateway)).toEqual({
      key: "a.bin",
      sizeBytes: 20 * MiB,
      etag: `"${"0".repeat(32)}-3"`,
    });
    expect(calls).toEqual(["complete a.bin if absent", "head a.bin"]);
  });

  it.each<[string, readonly number[], string]>([
    ["parts that are missing", [8 * MiB], "Of 3 parts: missing: 2, 3."],
    ["no parts", [], "Of 3 parts: missing: 1, 2, 3."],
    ["a short part", [8 * MiB, 1, 4 * MiB], "Of 3 parts: of another size or ETag: 2."],
    ["a long last part", [8 * MiB, 8 * MiB, 5 * MiB], "of another size or ETag: 3."],
    ["a part too many", [...SIZES, 1], "not in the plan: 4."],
  ])("refuses %s by number and touches nothing", async (_, sizes, detail) => {
    const { gateway, calls } = withParts(sizes);
    await expect(completeUpload(statement, {}, gateway)).rejects.toMatchObject({
      code: "upload-incomplete",
      message: expect.stringContaining(detail),
    });
    expect(calls).toEqual([]);
  });

  it("names at most 20 parts", async () => {
    const how = { ...statement.how, sizeBytes: 8000 * MiB, partCount: 1000 };
    await expect(
      completeUpload({ ...statement, how } as UploadStatement, {}, withParts([]).gateway),
    ).rejects.toThrow(/missing: 1, 2, .*, 20 and 980 more/);
  });

  it("refuses a part whose ETag is not the one that the browser saw", async () => {
    const parts = GIVEN.with(1, { partNumber: 2, etag: `"${md5("other")}"` });
    await expect(completeUpload(statement, { parts }, withParts().gateway)).rejects.toThrow(
      "of another size or ETag: 2.",
    );
  });

  it("answers the same receipt after the storage forgot the upload", async () => {
    const { gateway } = withParts();
    const first = await completeUpload(statement, {}, gateway);
    expect(await completeUpload(statement, {}, gateway)).toEqual(first);
  });

  it("tells its object from another of the same size by the parts' MD5s", async () => {
    const { gateway, uploads, objects } = withParts();
    uploads.clear();
    objects.set("a.bin", storedObject({ sizeBytes: 20 * MiB, etag: ETAG }));
    expect(await completeUpload(statement, { parts: GIVEN }, gateway)).toMatchObject({
      etag: ETAG,
    });
    const parts = GIVEN.with(0, { partNumber: 1, etag: md5("other") });
    await expect(completeUpload(statement, { parts }, gateway)).rejects.toMatchObject({
      code: "upload-gone",
    });
  });

  it.each([
    ["of another size", { sizeBytes: 1, etag: ETAG }],
    ["of another number of parts", { sizeBytes: 20 * MiB, etag: `"${md5("x")}-4"` }],
    ["sent in one request", { sizeBytes: 20 * MiB, etag: `"${md5("x")}"` }],
    ["older than the upload", { sizeBytes: 20 * MiB, etag: ETAG, lastModifiedMs: 0 }],
  ])("does not take an object %s for its own", async (_, object) => {
    const { gateway, uploads, objects } = withParts();
    uploads.clear();
    objects.set("a.bin", storedObject(object));
    await expect(completeUpload(statement, {}, gateway)).rejects.toMatchObject({
      code: "upload-gone",
    });
  });

  it("finds its object where ETags are no MD5", async () => {
    const { gateway, uploads, objects } = withParts();
    uploads.clear();
    objects.set(
      "a.bin",
      storedObject({ sizeBytes: 20 * MiB, etag: `"${md5("kms")}-3"`, etagIsMd5: false }),
    );
    expect(await completeUpload(statement, { parts: GIVEN }, gateway)).toMatchObject({
      sizeBytes: 20 * MiB,
    });
  });

  it.each(["storage-unreachable", "key-exists", "storage-error"] as const)(
    "confirms what a lost answer (%s) had completed",
    async (code) => {
      const { gateway, uploads, objects, overrule } = withParts();
      overrule({
        async completeUpload() {
          uploads.clear();
          objects.set("a.bin", storedObject({ sizeBytes: 20 * MiB, etag: ETAG }));
          throw new ProblemError(code, "The answer was lost.");
        },
      });
      expect(await completeUpload(statement, {}, gateway)).toMatchObject({ etag: ETAG });
    },
  );

  it("passes the fault on while the upload is still open", async () => {
    const { gateway, objects, overrule } = withParts();
    objects.set("a.bin", storedObject({ sizeBytes: 20 * MiB, etag: ETAG }));
    overrule({
      completeUpload: () => Promise.reject(new ProblemError("key-exists", "Someone was first.")),
    });
    await expect(completeUpload(statement, {}, gateway)).rejects.toThrow("Someone was first.");
  });

  it("does not trust a completion that left another size", async () => {
    const { gateway, overrule, objects } = withParts();
    overrule({
      completeUpload: async () => void objects.set("a.bin", storedObject({ sizeBytes: 1 })),
    });
    await expect(completeUpload(statement, {}, gateway)).rejects.toMatchObject({
      code: "storage-error",
    });
  });

  it("compares the checksum that the storage computed", async () => {
    const { gateway, overrule, objects } = withParts();
    const checksum = { algorithm: "CRC64NVME", value: "AAAAAAAAAAA=" } as const;
    overrule({
      async completeUpload() {
        objects.set("a.bin", storedObject({ sizeBytes: 20 * MiB, checksum }));
      },
    });
    expect(await completeUpload(statement, { checksum }, gateway)).toMatchObject({ checksum });
    await expect(
      completeUpload(statement, { checksum: { ...checksum, value: "BBBBBBBBBBB=" } }, gateway),
    ).rejects.toMatchObject({ code: "checksum-mismatch" });
  });
});

describe("completing an upload of unknown size", () => {
  const unknown: UploadStatement = {
    ...statement,
    how: {
      method: "multipart",
      uploadId: "u",
      sizeBytes: null,
      partSizeBytes: 32 * MiB,
      partCount: null,
      maxBytes: 20 * MiB,
    },
  };

  it("takes whatever parts follow each other", async () => {
    const { gateway } = withParts();
    expect(await completeUpload(unknown, { parts: GIVEN }, gateway)).toMatchObject({
      sizeBytes: 20 * MiB,
    });
  });

  it("answers the same receipt again without being told the parts", async () => {
    const { gateway } = withParts();
    const first = await completeUpload(unknown, {}, gateway);
    expect(await completeUpload(unknown, {}, gateway)).toEqual(first);
  });

  it("refuses parts that S3 would find too small", async () => {
    await expect(
      completeUpload(unknown, {}, withParts([8 * MiB, 1, 1]).gateway),
    ).rejects.toMatchObject({ code: "upload-incomplete" });
  });

  it("refuses more than the grant allows, and no parts at all", async () => {
    await expect(
      completeUpload(unknown, {}, withParts([8 * MiB, 8 * MiB, 4 * MiB + 1]).gateway),
    ).rejects.toMatchObject({ code: "forbidden" });
    await expect(completeUpload(unknown, {}, withParts([]).gateway)).rejects.toThrow(
      "there are no parts",
    );
  });
});

describe("confirming a single PUT", () => {
  const put: UploadStatement = {
    ...statement,
    how: { method: "put", sizeBytes: 5, headers: {} },
  };

  it("answers what arrived", async () => {
    const { gateway, objects } = withParts();
    objects.set("a.bin", storedObject({ sizeBytes: 5, etag: '"x"', versionId: "v1" }));
    const parts = [{ partNumber: 1, etag: "x" }];
    expect(await completeUpload(put, { parts }, gateway)).toEqual({
      key: "a.bin",
      sizeBytes: 5,
      etag: '"x"',
      versionId: "v1",
    });
  });

  it.each([
    ["nothing arrived", undefined, "upload-incomplete"],
    ["another size arrived", { sizeBytes: 4 }, "upload-incomplete"],
    ["another ETag arrived", { sizeBytes: 5, etag: '"y"' }, "upload-incomplete"],
    ["it was there before", { sizeBytes: 5, lastModifiedMs: 0 }, "key-exists"],
  ])("refuses where %s", async (_, object, code) => {
    const { gateway, objects } = withParts();
    if (object) objects.set("a.bin", storedObject(object));
    const parts = [{ partNumber: 1, etag: "x" }];
    await expect(completeUpload(put, { parts }, gateway)).rejects.toMatchObject({ code });
  });
});
