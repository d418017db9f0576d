/** Operations on multipart uploads. */
import { MAX_PART_COUNT, MAX_PART_SIZE_BYTES } from "../../../../shared/limits.ts";
import type { PartInfo, UploadInfo } from "../../engine.ts";
import { S3Error } from "../../s3-error.ts";
import { emptyAnswer, type S3Answer, xmlAnswer } from "../answer.ts";
import {
  CHECKSUM_ALGORITHMS,
  checksumElement,
  checksumHeader,
  parseChecksumAlgorithm,
  parseChecksumType,
  requireChecksumValue,
} from "../checksum-headers.ts";
import { readConditions, writeConditions } from "../conditional.ts";
import { fieldValue, type HeaderFields } from "../headers.ts";
import { expirationField, parseAttributes } from "../object-attributes.ts";
import { percentEncodePath } from "../percent-encoding.ts";
import { parseCopyRange } from "../range.ts";
import { checksumNodes } from "../xml/checksum.ts";
import { parseCompleteMultipartUpload } from "../xml/complete-multipart-upload.ts";
import { writeXml, type XmlNode } from "../xml/write.ts";
import { ownerNode, prefixNodes } from "./bucket.ts";
import type { BucketRequest, ObjectRequest, OperationContext, Owner } from "./context.ts";
import {
  invalidArgument,
  keyWriter,
  pageSize,
  parseCopySource,
  wholeNumber,
} from "./parameters.ts";

/** 10,000 parts with the longest checksum and generous white space, in bytes. */
const MAX_COMPLETE_BYTES = 4 * 1024 * 1024;

/** CreateMultipartUpload. */
export async function createMultipartUpload(
  request: ObjectRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  const { bucket, key, headers } = request;
  const algorithm = headers.get("x-amz-checksum-algorithm");
  const type = headers.get("x-amz-checksum-type");
  const { uploadId } = await engine.uploads.create(bucket, key, {
    attributes: parseAttributes(headers),
    ...(algorithm !== undefined && { checksumAlgorithm: parseChecksumAlgorithm(algorithm) }),
    ...(type !== undefined && { checksumType: parseChecksumType(type) }),
    initiator: request.accessKeyId,
  });
  // Asked again, for only this tells which lifecycle rule will abort it.
  const upload = await engine.uploads.info(bucket, key, uploadId);
  return xmlAnswer(
    writeXml("InitiateMultipartUploadResult", [
      ["Bucket", bucket],
      ["Key", key],
      ["UploadId", uploadId],
    ]),
    {
      ...abortFields(upload),
      ...(upload.checksumAlgorithm && {
        "x-amz-checksum-algorithm": upload.checksumAlgorithm,
        ...(upload.checksumType && { "x-amz-checksum-type": upload.checksumType }),
      }),
    },
  );
}

/** UploadPart. */
export async function uploadPart(
  request: ObjectRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  const { bucket, key } = request;
  const partNumber = requestedPart(request);
  const { body, options } = request.body.forObject(MAX_PART_SIZE_BYTES);
  const uploadId = uploadIdOf(request);
  const part = await engine.uploads.putPart(bucket, key, uploadId, partNumber, body, options);
  return emptyAnswer(200, {
    ETag: `"${part.etag}"`,
    ...(part.checksum && { [checksumHeader(part.checksum.algorithm)]: part.checksum.value }),
  });
}

/** UploadPartCopy. */
export async function uploadPartCopy(
  request: ObjectRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  const { bucket, key, headers, signal } = request;
  const range = headers.get("x-amz-copy-source-range");
  const source = {
    ...parseCopySource(headers.get("x-amz-copy-source") ?? ""),
    conditions: readConditions(headers, "x-amz-copy-source-"),
    ...(range !== undefined && { range: parseCopyRange(range) }),
  };
  const partNumber = requestedPart(request);
  await request.body.text(0);
  const uploadId = uploadIdOf(request);
  const part = await engine.uploads.copyPart(source, bucket, key, uploadId, partNumber, signal);
  return xmlAnswer(
    writeXml("CopyPartResult", [
      ["LastModified", new Date(part.lastModified).toISOString()],
      ["ETag", `"${part.etag}"`],
      ...partChecksumNodes(part),
    ]),
  );
}

/** ListParts. */
export async function listParts(
  request: ObjectRequest,
  { engine, owner }: OperationContext,
): Promise<S3Answer> {
  const { bucket, key, query } = request;
  const maxParts = pageSize(query, "max-parts");
  const marker = wholeNumber(query, "part-number-marker") ?? 0;
  const page = await engine.uploads.listParts(bucket, key, uploadIdOf(request), {
    partNumberMarker: marker,
    maxParts,
  });
  const { upload } = page;
  return xmlAnswer(
    writeXml("ListPartsResult", [
      ["Bucket", bucket],
      ["Key", key],
      ["UploadId", upload.uploadId],
      ownerNode(owner, "Initiator"),
      ownerNode(owner),
      ["StorageClass", upload.storageClass],
      ["PartNumberMarker", marker],
      // The SDK's paginator asks on as long as there is one.
      ["NextPartNumberMarker", page.nextPartNumberMarker],
      ["MaxParts", maxParts],
      ["IsTruncated", page.isTruncated],
      ["ChecksumAlgorithm", upload.checksumAlgorithm],
      ["ChecksumType", upload.checksumType],
      ...page.parts.map(partNode),
    ]),
    abortFields(upload),
  );
}

/** ListMultipartUploads. */
export async function listMultipartUploads(
  { bucket, query }: BucketRequest,
  { engine, owner }: OperationContext,
): Promise<S3Answer> {
  const write = keyWriter(query);
  const given = (name: string): string | undefined => query.get(name) || undefined;
  const prefix = given("prefix");
  const delimiter = given("delimiter");
  const keyMarker = given("key-marker");
  // S3 ignores it without a key marker.
  const uploadIdMarker = keyMarker === undefined ? undefined : given("upload-id-marker");
  const maxUploads = pageSize(query, "max-uploads");
  const page = await engine.uploads.list(bucket, {
    ...(prefix !== undefined && { prefix }),
    ...(delimiter !== undefined && { delimiter }),
    ...(keyMarker !== undefined && { keyMarker }),
    ...(uploadIdMarker !== undefined && { uploadIdMarker }),
    maxUploads,
  });
  return xmlAnswer(
    writeXml("ListMultipartUploadsResult", [
      ["Bucket", bucket],
      ["KeyMarker", write(keyMarker ?? "")],
      ["UploadIdMarker", uploadIdMarker ?? ""],
      ["NextKeyMarker", page.nextKeyMarker === undefined ? undefined : write(page.nextKeyMarker)],
      ["NextUploadIdMarker", page.nextUploadIdMarker],
      ["Prefix", write(prefix ?? "")],
      ["Delimiter", delimiter === undefined ? undefined : write(delimiter)],
      ["EncodingType", given("encoding-type")],
      ["MaxUploads", maxUploads],
      ["IsTruncated", page.isTruncated],
      ...page.uploads.map((upload) => uploadNode(upload, write, owner)),
      ...prefixNodes(page.prefixes, write),
    ]),
  );
}

/** CompleteMultipartUpload. */
export async function completeMultipartUpload(
  request: ObjectRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  const { bucket, key, headers } = request;
  const uploadId = uploadIdOf(request);
  const options = completionOptions(headers);
  const parts = parseCompleteMultipartUpload(
    await request.body.textAboutObject(MAX_COMPLETE_BYTES),
  );
  const info = await engine.uploads.complete(bucket, key, uploadId, { ...options, parts });
  const host = headers.get("host") ?? "";
  return xmlAnswer(
    writeXml("CompleteMultipartUploadResult", [
      ["Location", `http://${host}/${bucket}/${percentEncodePath(key)}`],
      ["Bucket", bucket],
      ["Key", key],
      ["ETag", `"${info.etag}"`],
      ...checksumNodes(info.checksum),
    ]),
    expirationField(info),
  );
}

/** AbortMultipartUpload. */
export async function abortMultipartUpload(
  request: ObjectRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  await engine.uploads.abort(request.bucket, request.key, uploadIdOf(request));
  return emptyAnswer(204);
}

function completionOptions(headers: HeaderFields) {
  const algorithm = CHECKSUM_ALGORITHMS.find((name) => headers.has(checksumHeader(name)));
  const value = algorithm && headers.get(checksumHeader(algorithm));
  const type = headers.get("x-amz-checksum-type");
  const size = headers.get("x-amz-mp-object-size");
  if (size !== undefined && !/^\d{1,15}$/.test(size)) {
    throw new S3Error("InvalidRequest", {
      message: "Value for x-amz-mp-object-size header is invalid.",
    });
  }
  if (algorithm && value !== undefined) {
    requireChecksumValue(algorithm, value.replace(/-\d{1,5}$/, ""));
  }
  return {
    ...(algorithm && value !== undefined && { checksum: { algorithm, value } }),
    ...(type !== undefined && { checksumType: parseChecksumType(type) }),
    ...(size !== undefined && { sizeBytes: Number(size) }),
    conditions: writeConditions(headers),
  };
}

function requestedPart({ query }: ObjectRequest): number {
  const text = query.get("partNumber") ?? "";
  const partNumber = Number(text);
  if (/^\d{1,6}$/.test(text) && partNumber >= 1 && partNumber <= MAX_PART_COUNT) return partNumber;
  const message = `Part number must be an integer between 1 and ${MAX_PART_COUNT}, inclusive`;
  throw invalidArgument("partNumber", text, message);
}

function uploadIdOf({ query }: ObjectRequest): string {
  return query.get("uploadId") ?? "";
}

function partNode(part: PartInfo): XmlNode {
  return [
    "Part",
    [
      ["PartNumber", part.partNumber],
      ["LastModified", new Date(part.lastModified).toISOString()],
      ["ETag", `"${part.etag}"`],
      ["Size", part.sizeBytes],
      ...partChecksumNodes(part),
    ],
  ];
}

function partChecksumNodes({ checksum }: PartInfo): readonly XmlNode[] {
  return checksum ? [[checksumElement(checksum.algorithm), checksum.value]] : [];
}

function uploadNode(upload: UploadInfo, write: (text: string) => string, owner: Owner): XmlNode {
  return [
    "Upload",
    [
      ["Key", write(upload.key)],
      ["UploadId", upload.uploadId],
      ownerNode(owner, "Initiator"),
      ownerNode(owner),
      ["StorageClass", upload.storageClass],
      ["Initiated", new Date(upload.initiatedAt).toISOString()],
      ["ChecksumAlgorithm", upload.checksumAlgorithm],
      ["ChecksumType", upload.checksumType],
    ],
  ];
}

function abortFields({ abort }: UploadInfo): Record<string, string> {
  if (!abort) return {};
  return {
    "x-amz-abort-date": new Date(abort.at).toUTCString(),
    "x-amz-abort-rule-id": fieldValue(abort.ruleId),
  };
}
