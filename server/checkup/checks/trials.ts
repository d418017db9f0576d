import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { removeObject, type Probe } from "../../s3/index.ts";
import { withObject, withUpload, type OpenUpload } from "../ground.ts";

/** Operations of S3 that Sluice uses; S3 allows each by itself. */
export type Operation =
  | "PutObject"
  | "HeadObject"
  | "GetObject"
  | "ListObjectsV2"
  | "CreateMultipartUpload"
  | "UploadPart"
  | "ListParts"
  | "CompleteMultipartUpload"
  | "AbortMultipartUpload"
  | "ListMultipartUploads"
  | "DeleteObject";

/** How an operation is tried on what exists for nothing else. */
export interface Trial {
  readonly operation: Operation;
  /** IAM action that allows it. */
  readonly action: string;
  /** What was tried, as a person reads it. */
  readonly tried: string;
  /** What does not work without it. */
  readonly without: string;
  readonly prerequisite: Prerequisite;
  /** @param place what the prerequisite made, or a place where nothing is */
  attempt(line: Probe, place: OpenUpload): Promise<unknown>;
}

/** What has to be there before an operation can be tried. */
export type Prerequisite = "nothing" | "object" | "upload";

const BODY = "0";

/** All of them. */
export const TRIALS: readonly Trial[] = [
  {
    operation: "PutObject",
    action: "s3:PutObject",
    tried: "PUT of 1 byte.",
    without: "No file can be uploaded.",
    prerequisite: "nothing",
    attempt: (line, { Key }) => withObject(line, Key, async () => undefined),
  },
  {
    operation: "HeadObject",
    action: "s3:GetObject",
    tried: "PUT of 1 byte, then HEAD.",
    without: "No upload can be confirmed, and no name found free.",
    prerequisite: "object",
    attempt: (line, { Bucket, Key }) =>
      line.client.send(new HeadObjectCommand({ Bucket, Key }), within(line)),
  },
  {
    operation: "GetObject",
    action: "s3:GetObject",
    tried: "PUT of 1 byte, then GET with Range.",
    without: "Nothing can be downloaded or queried.",
    prerequisite: "object",
    attempt: readRange,
  },
  {
    operation: "ListObjectsV2",
    action: "s3:ListBucket",
    tried: "List of one key under our own prefix.",
    without:
      "S3 answers 403 instead of 404 for names that are free, so that no upload can be opened.",
    prerequisite: "nothing",
    attempt: (line, { Bucket, Key }) =>
      line.client.send(new ListObjectsV2Command({ Bucket, Prefix: Key, MaxKeys: 1 }), within(line)),
  },
  {
    operation: "CreateMultipartUpload",
    action: "s3:PutObject",
    tried: "Multipart upload opened, then aborted.",
    without: "No large file can be uploaded.",
    prerequisite: "nothing",
    attempt: (line, { Key }) => withUpload(line, Key, async () => undefined),
  },
  {
    operation: "UploadPart",
    action: "s3:PutObject",
    tried: "Multipart upload opened, part of 1 byte sent, aborted.",
    without: "No large file can be uploaded.",
    prerequisite: "upload",
    attempt: (line, upload) => sendPart(line, upload),
  },
  {
    operation: "ListParts",
    action: "s3:ListMultipartUploadParts",
    tried: "Multipart upload opened, its parts listed, aborted.",
    without: "No upload can be resumed, and none is checked before it is completed.",
    prerequisite: "upload",
    attempt: (line, upload) => line.client.send(new ListPartsCommand(upload), within(line)),
  },
  {
    operation: "CompleteMultipartUpload",
    action: "s3:PutObject",
    tried: "Multipart upload of one part completed, its object removed.",
    without: "No large file can be uploaded.",
    prerequisite: "upload",
    attempt: complete,
  },
  {
    operation: "AbortMultipartUpload",
    action: "s3:AbortMultipartUpload",
    tried: "Multipart upload opened and aborted.",
    without: "Cancelled uploads stay in the bucket, and are billed.",
    prerequisite: "upload",
    attempt: (line, upload) =>
      line.client.send(new AbortMultipartUploadCommand(upload), within(line)),
  },
  {
    operation: "ListMultipartUploads",
    action: "s3:ListBucketMultipartUploads",
    tried: "List of one incomplete upload.",
    without: "The page of incomplete uploads stays empty.",
    prerequisite: "nothing",
    attempt: (line, { Bucket }) =>
      line.client.send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 1 }), within(line)),
  },
];

/** Tried before all others: whether what they write can be removed decides on where they write. */
export const DELETION: Trial = {
  operation: "DeleteObject",
  action: "s3:DeleteObject",
  tried: "PUT of 1 byte, then DELETE.",
  without: "Admins cannot delete objects, and small files that the server writes itself stay.",
  prerequisite: "object",
  attempt: (line, { Bucket, Key }) =>
    line.client.send(new DeleteObjectCommand({ Bucket, Key }), within(line)),
};

function within({ signal }: Probe) {
  return { abortSignal: signal };
}

async function readRange(line: Probe, { Bucket, Key }: OpenUpload) {
  const command = new GetObjectCommand({ Bucket, Key, Range: "bytes=0-0" });
  const { Body } = await line.client.send(command, within(line));
  // An answer that is not read holds its connection.
  await Body?.transformToByteArray();
}

async function sendPart(line: Probe, upload: OpenUpload) {
  const command = new UploadPartCommand({ ...upload, PartNumber: 1, Body: BODY });
  const { ETag } = await line.client.send(command, within(line));
  return ETag;
}

async function complete(line: Probe, upload: OpenUpload) {
  const ETag = (await sendPart(line, upload)) ?? "";
  const command = new CompleteMultipartUploadCommand({
    ...upload,
    MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
  });
  await line.client.send(command, within(line));
  await removeObject(line, upload.Key);
}
