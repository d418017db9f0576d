import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type CompleteMultipartUploadCommandInput,
  type CreateMultipartUploadCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { randomBytes } from "node:crypto";
import { beforeAll } from "vitest";
import { makeClient, type Target } from "./target.ts";

/** A multipart upload as every call on it names it. */
export interface MultipartUpload {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string;
}

/** The smallest part that may have a successor, in bytes. */
export const MIN_PART_BYTES = 5 * 1024 * 1024;

/** Two parts, the smallest possible and a smaller last one, and the object that they make. */
export function twoParts(): {
  readonly FIRST: Buffer;
  readonly LAST: Buffer;
  readonly WHOLE: Buffer;
} {
  const FIRST = randomBytes(MIN_PART_BYTES);
  const LAST = Buffer.from("the last part may be small");
  return { FIRST, LAST, WHOLE: Buffer.concat([FIRST, LAST]) };
}

/**
 * The calls of multipart uploads in a bucket of their own, made before the tests of the running suite;
 * without the SDK's own checksums, so that a test says which there are.
 */
export function multipartCalls(target: Target) {
  const client: S3Client = makeClient(target, { requestChecksumCalculation: "WHEN_REQUIRED" });
  let Bucket = "";
  beforeAll(async () => {
    Bucket = await target.makeBucket();
    return () => client.destroy();
  });

  return {
    client,
    bucket: () => Bucket,
    async create(
      Key: string,
      more: Partial<CreateMultipartUploadCommandInput> = {},
    ): Promise<MultipartUpload> {
      const command = new CreateMultipartUploadCommand({ Bucket, Key, ...more });
      const { UploadId = "" } = await client.send(command);
      return { Bucket, Key, UploadId };
    },
    async upload(
      to: MultipartUpload,
      PartNumber: number,
      Body: Uint8Array,
      more: object = {},
    ): Promise<CompletedPart> {
      const command = new UploadPartCommand({ ...to, PartNumber, Body, ...more });
      const { ETag = "" } = await client.send(command);
      return { PartNumber, ETag };
    },
    complete(
      to: MultipartUpload,
      Parts: CompletedPart[],
      more: Partial<CompleteMultipartUploadCommandInput> = {},
    ) {
      const MultipartUpload = { Parts };
      return client.send(new CompleteMultipartUploadCommand({ ...to, MultipartUpload, ...more }));
    },
    abort: (to: MultipartUpload) => client.send(new AbortMultipartUploadCommand(to)),
    async read(Key: string): Promise<Buffer> {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
    head: (Key: string, more: object = {}) =>
      client.send(new HeadObjectCommand({ Bucket, Key, ...more })),
  };
}
