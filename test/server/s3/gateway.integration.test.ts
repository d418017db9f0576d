import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createS3Client } from "../../../server/s3/client.ts";
import { createGateway } from "../../../server/s3/gateway.ts";
import { listenToScript, serveScript, xml, xmlError, type S3Script } from "../scripted-s3.ts";

const UPLOAD = { key: "a.bin", uploadId: "u" };
const PARTS = [{ partNumber: 1, sizeBytes: 5, etag: '"e"' }];
const closers: (() => Promise<void>)[] = [];

async function connect(script: S3Script) {
  const { storage, close } = await serveScript(script);
  closers.push(close);
  return storage;
}

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function page(numbers: readonly number[], next?: number): string {
  const parts = numbers.map(
    (number) =>
      `<Part><PartNumber>${number}</PartNumber><Size>5</Size><ETag>"e${number}"</ETag></Part>`,
  );
  const more =
    next === undefined
      ? "<IsTruncated>false</IsTruncated>"
      : `<IsTruncated>true</IsTruncated><NextPartNumberMarker>${next}</NextPartNumberMarker>`;
  return `<ListPartsResult>${more}${parts.join("")}</ListPartsResult>`;
}

describe("completeUpload", () => {
  const completed = "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>";

  it("sees an error in the body of a 200", async () => {
    const { gateway } = await connect((_, response) => xmlError(response, 200, "InvalidPart"));
    await expect(gateway.completeUpload(UPLOAD, PARTS, { ifAbsent: false })).rejects.toMatchObject({
      code: "upload-incomplete",
      s3Code: "InvalidPart",
    });
  });

  it("sees an error behind white space that kept the connection alive", async () => {
    const { gateway } = await connect((_, response) => {
      response.writeHead(200, { "content-type": "application/xml" });
      response.write('<?xml version="1.0" encoding="UTF-8"?>\n');
      response.write("   \n".repeat(50));
      setTimeout(() => {
        response.end("<Error><Code>InternalError</Code><Message>Again.</Message></Error>");
      }, 20);
    });
    await expect(gateway.completeUpload(UPLOAD, PARTS, { ifAbsent: false })).rejects.toMatchObject({
      code: "storage-error",
      s3Code: "InternalError",
    });
  });

  it("waits for the result behind white space", async () => {
    const { gateway } = await connect((_, response) => {
      response.writeHead(200, { "content-type": "application/xml" });
      response.write('<?xml version="1.0" encoding="UTF-8"?>\n   \n');
      setTimeout(() => response.end(completed), 20);
    });
    await expect(
      gateway.completeUpload(UPLOAD, PARTS, { ifAbsent: false }),
    ).resolves.toBeUndefined();
  });

  const summed = { algorithm: "CRC64NVME", value: "AAAAAAAAAAA=" } as const;
  const PART_SUM = "<ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME>";

  it("names the checksums that the upload declared, and the file's", async () => {
    const asked: (string | undefined)[][] = [];
    const { gateway } = await connect((request, response, body) => {
      const { headers } = request;
      const type = String(headers["x-amz-checksum-type"]);
      asked.push([type, String(headers["x-amz-checksum-crc64nvme"]), body]);
      xml(response, 200, completed);
    });
    const parts = PARTS.map((part) => ({ ...part, checksum: summed }));
    const completion = { ifAbsent: false, declared: "CRC64NVME", checksum: summed } as const;
    await gateway.completeUpload(UPLOAD, parts, completion);
    expect(asked[0]).toEqual(["FULL_OBJECT", summed.value, expect.stringContaining(PART_SUM)]);
    // AWS refuses a part's checksum where the upload declared none.
    await gateway.completeUpload(UPLOAD, parts, { ifAbsent: false });
    expect(asked[1]).toEqual(["undefined", "undefined", expect.not.stringContaining(PART_SUM)]);
  });

  it("knows a checksum that the storage found to be another", async () => {
    const { gateway } = await connect((_, response) => xmlError(response, 400, "BadDigest"));
    const completing = gateway.completeUpload(UPLOAD, PARTS, { ifAbsent: false, checksum: summed });
    await expect(completing).rejects.toMatchObject({ code: "checksum-mismatch" });
  });

  it("asks for a free key where it has to be, and knows a taken one", async () => {
    const conditions: (string | undefined)[] = [];
    const { gateway } = await connect((request, response) => {
      conditions.push(request.headers["if-none-match"]);
      xmlError(response, 412, "PreconditionFailed");
    });
    await expect(gateway.completeUpload(UPLOAD, PARTS, { ifAbsent: true })).rejects.toMatchObject({
      code: "key-exists",
    });
    expect(conditions).toEqual(["*"]);
  });

  it.each(["NoSuchUpload", "NoSuchKey"])("takes %s for an upload that is gone", async (code) => {
    const { gateway } = await connect((_, response) => xmlError(response, 404, code));
    await expect(gateway.completeUpload(UPLOAD, PARTS, { ifAbsent: false })).rejects.toMatchObject({
      code: "upload-gone",
      s3Code: code,
    });
  });
});

describe("createUpload", () => {
  it("says all that the object will be stored with, and its checksum", async () => {
    const asked: object[] = [];
    const { gateway } = await connect((request, response) => {
      asked.push(request.headers);
      xml(response, 200, "<R><UploadId>u</UploadId></R>");
    });
    const headers = {
      contentType: "text/plain",
      storageClass: "STANDARD_IA",
      metadata: { a: "1" },
      tags: { "a b": "c+d", ü: "" },
      cacheControl: "no-store",
      contentEncoding: "gzip",
    };
    expect(await gateway.createUpload("a.bin", headers, "CRC32C")).toBe("u");
    expect(asked[0]).toMatchObject({
      "content-type": "text/plain",
      "x-amz-storage-class": "STANDARD_IA",
      "x-amz-meta-a": "1",
      "x-amz-tagging": "a%20b=c%2Bd&%C3%BC=",
      "cache-control": "no-store",
      "content-encoding": "gzip",
      "x-amz-checksum-algorithm": "CRC32C",
      "x-amz-checksum-type": "FULL_OBJECT",
    });
  });
});

describe("listParts", () => {
  it("reads the checksums of parts, but no composite ones", async () => {
    const part = (number: number, sum: string) =>
      `<Part><PartNumber>${number}</PartNumber><Size>5</Size><ETag>"e"</ETag>${sum}</Part>`;
    const parts = [
      part(1, "<ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME>"),
      part(2, "<ChecksumCRC32>AAAAAA==</ChecksumCRC32>"),
      part(3, "<ChecksumCRC32>AAAAAA==-2</ChecksumCRC32>"),
    ];
    const { gateway } = await connect((_, response) =>
      xml(response, 200, `<ListPartsResult>${parts.join("")}</ListPartsResult>`),
    );
    expect((await gateway.listParts(UPLOAD))?.map(({ checksum }) => checksum)).toEqual([
      { algorithm: "CRC64NVME", value: "AAAAAAAAAAA=" },
      { algorithm: "CRC32", value: "AAAAAA==" },
      undefined,
    ]);
  });

  it("reads all pages", async () => {
    const markers: (string | null)[] = [];
    const { gateway } = await connect((request, response) => {
      const marker = new URL(request.url ?? "", "http://x").searchParams.get("part-number-marker");
      markers.push(marker);
      if (marker === null) xml(response, 200, page([1, 2], 2));
      else if (marker === "2") xml(response, 200, page([3], 3));
      else xml(response, 200, page([4]));
    });
    const parts = await gateway.listParts(UPLOAD);
    expect(parts?.map(({ partNumber }) => partNumber)).toEqual([1, 2, 3, 4]);
    expect(parts?.[3]).toEqual({ partNumber: 4, sizeBytes: 5, etag: '"e4"' });
    expect(markers).toEqual([null, "2", "3"]);
  });

  it("ends where a server repeats its marker", async () => {
    const { gateway } = await connect((_, response) => xml(response, 200, page([1], 1)));
    expect(await gateway.listParts(UPLOAD)).toHaveLength(2);
  });

  it.each(["NoSuchUpload", "NoSuchKey"])("answers null for %s", async (code) => {
    const { gateway } = await connect((_, response) => xmlError(response, 404, code));
    expect(await gateway.listParts(UPLOAD)).toBeNull();
  });
});

describe("abortUpload", () => {
  it("repeats while parts are arriving, until the upload is unknown", async () => {
    let aborts = 0;
    const { gateway } = await connect((request, response) => {
      if (request.method === "DELETE") {
        aborts += 1;
        response.writeHead(204).end();
      } else if (aborts < 3) xml(response, 200, page([1]));
      else xmlError(response, 404, "NoSuchUpload");
    });
    await gateway.abortUpload(UPLOAD);
    expect(aborts).toBe(3);
  });

  it("gives up after ten times and says so", async () => {
    const { gateway } = await connect((request, response) => {
      if (request.method === "DELETE") response.writeHead(204).end();
      else xml(response, 200, page([1]));
    });
    await expect(gateway.abortUpload(UPLOAD)).rejects.toMatchObject({ code: "storage-busy" });
  });
});

describe("headObject", () => {
  const head = (headers: Record<string, string>) => (_: unknown, response: ServerResponse) =>
    void response.writeHead(200, headers).end();

  it("reads what an object is", async () => {
    const { gateway } = await connect(
      head({
        "content-length": "5",
        etag: '"e"',
        "last-modified": "Mon, 23 Nov 2026 12:00:00 GMT",
        "x-amz-version-id": "v1",
        "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=",
        "x-amz-meta-sluice-upload": "tag",
      }),
    );
    expect(await gateway.headObject("a")).toEqual({
      sizeBytes: 5,
      lastModified: new Date("2026-11-23T12:00:00Z"),
      etag: '"e"',
      contentType: "application/octet-stream",
      versionId: "v1",
      checksum: { algorithm: "CRC64NVME", value: "AAAAAAAAAAA=" },
      metadata: { "sluice-upload": "tag" },
    });
  });

  it("takes no composite checksum for one of the bytes", async () => {
    const { gateway } = await connect(
      head({ "content-length": "5", "x-amz-checksum-sha256": "AAAA-3" }),
    );
    expect(await gateway.headObject("a")).not.toHaveProperty("checksum");
  });

  it("takes a CRC64NVME of one part for one of the bytes: there is no composite one", async () => {
    const { gateway } = await connect(
      head({ "content-length": "5", "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=-1" }),
    );
    const { checksum } = (await gateway.headObject("a")) ?? {};
    expect(checksum).toEqual({ algorithm: "CRC64NVME", value: "AAAAAAAAAAA=" });
  });

  it("answers null where nothing is, and a problem where it may not look", async () => {
    const missing = await connect((_, response) => void response.writeHead(404).end());
    expect(await missing.gateway.headObject("a")).toBeNull();
    const denied = await connect((_, response) => void response.writeHead(403).end());
    await expect(denied.gateway.headObject("a")).rejects.toMatchObject({ code: "storage-denied" });
  });
});

describe("a storage that hangs", () => {
  it("is given up on, so that the request ends with a problem", async () => {
    const { endpoint, close } = await listenToScript(() => undefined);
    closers.push(close);
    const client = createS3Client(endpoint);
    const gateway = createGateway(client, endpoint.bucket, { callMs: 50, completeMs: 50 });
    const unreachable = { code: "storage-unreachable" };
    await expect(gateway.headObject("a")).rejects.toMatchObject(unreachable);
    await expect(gateway.completeUpload(UPLOAD, PARTS, { ifAbsent: false })).rejects.toMatchObject(
      unreachable,
    );
    await expect(gateway.abortUpload(UPLOAD)).rejects.toMatchObject(unreachable);
    client.destroy();
  });
});

describe("a storage whose clock is another", () => {
  it("gets URLs of its own time once it has told it", async () => {
    const aheadMs = 60 * 60_000;
    const storage = await connect((_, response) => {
      response.setHeader("date", new Date(Date.now() + aheadMs).toUTCString());
      xmlError(response, 403, "RequestTimeTooSkewed");
    });
    await storage.ping().catch(() => undefined);
    const { url } = await storage.presigner.signGet("k", {});
    const signedAt = new URL(url).searchParams.get("X-Amz-Date") ?? "";
    const iso = signedAt.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5");
    expect(Math.abs(Date.parse(iso) - Date.now() - aheadMs)).toBeLessThan(60_000);
  });
});
