import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";

/** Deletes take at most this many keys. */
const DELETE_BATCH = 1000;

/** A file of the bench and what an object made of it has to be. */
export interface BenchFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Hex, the ETag of an object that went up in one request. */
  readonly md5: string;
  /** Base64, as S3 writes it. */
  readonly crc64Nvme: string;
}

/**
 * Holds what the storage has under `keys` against `files`, in order: sizes and MD5 by its listing,
 * CRC64NVME for what went up in parts.
 * @throws Error naming the first object that is missing or differs
 */
export async function verifyObjects(
  client: S3Client,
  bucket: string,
  keys: readonly string[],
  files: readonly BenchFile[],
): Promise<void> {
  if (keys.length !== files.length) throw new Error(`${keys.length} keys of ${files.length} files`);
  const listed = new Map<string, { sizeBytes: number; etag: string }>();
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket })) {
    for (const { Key = "", Size = -1, ETag = "" } of page.Contents ?? []) {
      listed.set(Key, { sizeBytes: Size, etag: ETag.replaceAll('"', "") });
    }
  }
  for (const [index, file] of files.entries()) {
    const key = keys[index] ?? "";
    const found = listed.get(key);
    if (found === undefined) throw new Error(`${key} is not there`);
    if (found.sizeBytes !== file.sizeBytes) throw new Error(`${key} has ${found.sizeBytes} bytes`);
    const isRight = found.etag.includes("-")
      ? (await crcOf(client, bucket, key)) === file.crc64Nvme
      : found.etag === file.md5;
    if (!isRight) throw new Error(`${key} holds other bytes`);
  }
}

async function crcOf(client: S3Client, bucket: string, key: string): Promise<string | undefined> {
  const head = { Bucket: bucket, Key: key, ChecksumMode: "ENABLED" } as const;
  return (await client.send(new HeadObjectCommand(head))).ChecksumCRC64NVME;
}

/** Deletes every object of the bucket and gives up every upload; the next run begins with nothing. */
export async function emptyBucket(client: S3Client, bucket: string): Promise<void> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket })) {
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
  }
  for (let start = 0; start < keys.length; start += DELETE_BATCH) {
    const Objects = keys.slice(start, start + DELETE_BATCH).map((Key) => ({ Key }));
    await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
  }
  for (;;) {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    if (Uploads.length === 0) return;
    for (const { Key, UploadId } of Uploads) {
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    }
  }
}
