import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { completeUpload } from "../../../server/routes/complete-upload.ts";
import type { UploadStatement } from "../../../server/routes/upload-id.ts";
import type { Capabilities } from "../../../server/s3/index.ts";
import { ProblemError } from "../../../shared/problem.ts";
import { NOW, scriptStorage, storedObject, TAGGED } from "../scripted-storage.ts";

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
  tag: "tag",
  issuedAtMs: NOW.getTime(),
  how: {
    method: "multipart",
    uploadId: "u",
    sizeBytes: 20 * MiB,
    partSizes: "equal",
    partSizeBytes: 8 * MiB,
    partCount: 3,
    declared: null,
    maxBytes: null,
  },
};

function withParts(sizes: readonly number[] = SIZES, capabilities: Partial<Capabilities> = {}) {
  const scripted = scriptStorage(capabilities);
  scripted.uploads.set(
    "u",
    sizes.map((sizeBytes, index) => ({
      partNumber: index + 1,
      sizeBytes,
      etag: `"${ETAGS[index] ?? md5("more")}"`,
    })),
  );
  return scripted;
}

describe("completing a multipart upload", () => {
  it("answers size and ETag as the storage confirms them", async () => {
    const { storage, calls } = withParts();
    expect(await completeUpload(statement, {}, storage)).toEqual({
      key: "a.bin",
      sizeBytes: 20 * MiB,
      etag: `"${"0".repeat(32)}-3"`,
    });
    expect(calls).toEqual(["complete a.bin if absent", "head a.bin"]);
  });

  it("touches nothing where a part is missing", async () => {
    const { storage, calls } = withParts([8 * MiB]);
    await expect(completeUpload(statement, {}, storage)).rejects.toMatchObject({
      code: "upload-incomplete",
      message: "Of 3 parts: missing: 2, 3.",
      partNumbers: [2, 3],
    });
    expect(calls).toEqual([]);
  });

  it("answers the same receipt after the storage forgot the upload", async () => {
    const { storage } = withParts();
    const first = await completeUpload(statement, {}, storage);
    expect(await completeUpload(statement, {}, storage)).toEqual(first);
  });

  it.each([
    ["of another upload", { metadata: { "sluice-upload": "other" } }],
    ["of nobody's upload", {}],
  ])("does not take an object %s for its own, whatever else is equal", async (_, object) => {
    const { storage, uploads, objects } = withParts();
    uploads.clear();
    objects.set("a.bin", storedObject({ sizeBytes: 20 * MiB, etag: ETAG, ...object }));
    const completing = completeUpload(statement, { parts: GIVEN }, storage);
    await expect(completing).rejects.toMatchObject({ code: "upload-gone" });
  });

  it.each(["storage-unreachable", "key-exists", "storage-error"] as const)(
    "confirms what a lost answer (%s) had completed",
    async (code) => {
      const { storage, uploads, objects, overrule } = withParts();
      overrule({
        async completeUpload() {
          uploads.clear();
          const object = { sizeBytes: 20 * MiB, etag: ETAG, metadata: TAGGED };
          objects.set("a.bin", storedObject(object));
          throw new ProblemError(code, "The answer was lost.");
        },
      });
      expect(await completeUpload(statement, {}, storage)).toMatchObject({ etag: ETAG });
    },
  );

  it("passes the fault on while the upload is still open", async () => {
    const { storage, objects, overrule } = withParts();
    objects.set("a.bin", storedObject({ sizeBytes: 20 * MiB, etag: ETAG }));
    overrule({
      completeUpload: () => Promise.reject(new ProblemError("key-exists", "Someone was first.")),
    });
    await expect(completeUpload(statement, {}, storage)).rejects.toThrow("Someone was first.");
  });

  it("looks before it completes where the storage ignores conditions", async () => {
    const { storage, objects, calls } = withParts(SIZES, { conditionalWrites: false });
    objects.set("a.bin", storedObject({ sizeBytes: 20 * MiB, etag: ETAG }));
    const completing = completeUpload(statement, {}, storage);
    await expect(completing).rejects.toMatchObject({ code: "key-exists" });
    expect(calls).toEqual(["head a.bin"]);
    objects.set("a.bin", storedObject({ metadata: TAGGED }));
    expect(await completeUpload(statement, {}, storage)).toMatchObject({ sizeBytes: 20 * MiB });
    expect(calls).toContain("complete a.bin");
  });

  it("looks and asks for the condition where it is not known what the storage keeps", async () => {
    const { storage, calls } = withParts();
    const unknown = { ...storage, capabilities: () => Promise.reject(new Error("away")) };
    await completeUpload(statement, {}, unknown);
    expect(calls).toEqual(["head a.bin", "complete a.bin if absent", "head a.bin"]);
  });

  it("replaces without looking where that was wanted", async () => {
    const { storage, calls } = withParts(SIZES, { conditionalWrites: false });
    await completeUpload({ ...statement, ifAbsent: false }, {}, storage);
    expect(calls).toEqual(["complete a.bin", "head a.bin"]);
  });

  it("does not trust a completion that left another size", async () => {
    const { storage, overrule, objects } = withParts();
    overrule({
      completeUpload: async () => void objects.set("a.bin", storedObject({ sizeBytes: 1 })),
    });
    await expect(completeUpload(statement, {}, storage)).rejects.toMatchObject({
      code: "storage-error",
    });
  });

  const checksum = { algorithm: "CRC64NVME", value: "AAAAAAAAAAA=" } as const;
  const other = { ...checksum, value: "BBBBBBBBBBB=" };

  it("compares the checksum that the storage computed", async () => {
    const { storage, overrule, objects } = withParts();
    overrule({
      async completeUpload() {
        objects.set("a.bin", storedObject({ sizeBytes: 20 * MiB, checksum }));
      },
    });
    expect(await completeUpload(statement, { checksum }, storage)).toMatchObject({ checksum });
    await expect(completeUpload(statement, { checksum: other }, storage)).rejects.toMatchObject({
      code: "checksum-mismatch",
    });
  });

  it.each([
    ["verifies it", { when: "unasked", verifiedAtCompletion: true }, null, true],
    ["stores it unseen", { when: "unasked", verifiedAtCompletion: false }, null, false],
    [
      "has another",
      { when: "unasked", verifiedAtCompletion: true, algorithm: "CRC32" },
      null,
      false,
    ],
    ["was told so", { when: "declared", verifiedAtCompletion: false }, "CRC64NVME", true],
  ] as const)(
    "names it at completion where the storage %s",
    async (_, capability, declared, is) => {
      const known = { checksum: { algorithm: "CRC64NVME", ...capability } as const };
      const { storage, calls } = withParts(SIZES, known);
      const opened = { ...statement, how: { ...statement.how, declared } } as UploadStatement;
      await completeUpload(opened, { checksum }, storage);
      const said = declared === null ? "" : ` declared ${declared}`;
      const summed = is ? " CRC64NVME AAAAAAAAAAA=" : "";
      expect(calls[0]).toBe(`complete a.bin if absent${said}${summed}`);
    },
  );

  it("makes nothing of parts of which one has another checksum than was sent", async () => {
    const { storage, uploads, calls } = withParts();
    uploads.set(
      "u",
      (uploads.get("u") ?? []).map((part) => ({ ...part, checksum })),
    );
    const parts = GIVEN.map((part) => ({ ...part, checksum }));
    parts[1] = { ...parts[1], checksum: other } as (typeof parts)[number];
    await expect(completeUpload(statement, { parts }, storage)).rejects.toMatchObject({
      code: "checksum-mismatch",
      partNumbers: [2],
    });
    expect(calls).toEqual([]);
  });
});

describe("completing an upload of unknown size", () => {
  const unknown: UploadStatement = {
    ...statement,
    how: {
      method: "multipart",
      uploadId: "u",
      sizeBytes: null,
      partSizes: "free",
      partSizeBytes: 32 * MiB,
      partCount: null,
      declared: null,
      maxBytes: 20 * MiB,
    },
  };

  it("takes whatever parts follow each other", async () => {
    const { storage } = withParts();
    expect(await completeUpload(unknown, { parts: GIVEN }, storage)).toMatchObject({
      sizeBytes: 20 * MiB,
    });
  });

  it("answers the same receipt again without being told the parts", async () => {
    const { storage } = withParts();
    const first = await completeUpload(unknown, {}, storage);
    expect(await completeUpload(unknown, {}, storage)).toEqual(first);
  });

  it("refuses parts that S3 would find too small", async () => {
    await expect(
      completeUpload(unknown, {}, withParts([8 * MiB, 1, 1]).storage),
    ).rejects.toMatchObject({ code: "upload-incomplete" });
  });

  it("refuses more than the grant allows, and no parts at all", async () => {
    await expect(
      completeUpload(unknown, {}, withParts([8 * MiB, 8 * MiB, 4 * MiB + 1]).storage),
    ).rejects.toMatchObject({ code: "forbidden" });
    await expect(completeUpload(unknown, {}, withParts([]).storage)).rejects.toThrow(
      "there are no parts",
    );
  });
});

describe("confirming a form", () => {
  it("answers what arrived under its tag", async () => {
    const { storage, objects } = withParts();
    const how = { method: "post", sizeBytes: 5, fields: {}, headers: {} } as const;
    const post: UploadStatement = { ...statement, how };
    await expect(completeUpload(post, {}, storage)).rejects.toMatchObject({
      code: "upload-incomplete",
    });
    objects.set("a.bin", storedObject({ sizeBytes: 5, metadata: TAGGED }));
    expect(await completeUpload(post, {}, storage)).toMatchObject({ key: "a.bin", sizeBytes: 5 });
  });
});

describe("confirming a single PUT", () => {
  const put: UploadStatement = {
    ...statement,
    how: { method: "put", sizeBytes: 5, headers: {}, checksum: null },
  };

  it("answers what arrived", async () => {
    const { storage, objects } = withParts();
    objects.set(
      "a.bin",
      storedObject({ sizeBytes: 5, etag: '"x"', versionId: "v1", metadata: TAGGED }),
    );
    const parts = [{ partNumber: 1, etag: "x" }];
    expect(await completeUpload(put, { parts }, storage)).toEqual({
      key: "a.bin",
      sizeBytes: 5,
      etag: '"x"',
      versionId: "v1",
    });
  });

  it.each([
    ["nothing arrived", undefined, "upload-incomplete"],
    ["another size arrived", { sizeBytes: 4, metadata: TAGGED }, "upload-incomplete"],
    ["another ETag arrived", { sizeBytes: 5, etag: '"y"', metadata: TAGGED }, "upload-incomplete"],
    ["another object is there", { sizeBytes: 5, etag: '"x"' }, "key-exists"],
  ])("refuses where %s", async (_, object, code) => {
    const { storage, objects } = withParts();
    if (object) objects.set("a.bin", storedObject(object));
    const parts = [{ partNumber: 1, etag: "x" }];
    await expect(completeUpload(put, { parts }, storage)).rejects.toMatchObject({ code });
  });

  it("compares the checksum of its one part, which is the file", async () => {
    const { storage, objects } = withParts();
    const checksum = { algorithm: "CRC64NVME", value: "AAAAAAAAAAA=" } as const;
    const arrived = { sizeBytes: 5, etag: '"x"', metadata: TAGGED, checksum };
    objects.set("a.bin", storedObject(arrived));
    const part = { partNumber: 1, etag: "x", checksum };
    expect(await completeUpload(put, { parts: [part] }, storage)).toMatchObject({ checksum });
    const other = { ...part, checksum: { ...checksum, value: "BBBBBBBBBBB=" } };
    await expect(completeUpload(put, { parts: [other] }, storage)).rejects.toMatchObject({
      code: "checksum-mismatch",
    });
  });

  it("does not take what is to be replaced for what replaces it", async () => {
    const { storage, objects } = withParts();
    objects.set("a.bin", storedObject({ sizeBytes: 5 }));
    await expect(completeUpload({ ...put, ifAbsent: false }, {}, storage)).rejects.toMatchObject({
      code: "upload-incomplete",
    });
  });
});
