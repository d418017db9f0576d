/** Operations on objects. */
import { MAX_SINGLE_PUT_BYTES } from "../../../../shared/limits.ts";
import type { ByteRange } from "../../../../shared/byte-range.ts";
import type { CopyOptions, ObjectInfo, OpenedObject } from "../../engine.ts";
import { S3Error } from "../../s3-error.ts";
import { emptyAnswer, type S3Answer, xmlAnswer } from "../answer.ts";
import { checksumFields, checksumHeader, parseChecksumAlgorithm } from "../checksum-headers.ts";
import { evaluateRead, rangeApplies, readConditions, writeConditions } from "../conditional.ts";
import { fieldValue } from "../headers.ts";
import {
  attributeFields,
  expirationField,
  parseAttributes,
  parseMetadata,
  parseObjectHeaders,
  refuseUnsupported,
} from "../object-attributes.ts";
import { contentRange, parseRange } from "../range.ts";
import { checksumNodes } from "../xml/checksum.ts";
import { parseTaggingHeader } from "../xml/tagging.ts";
import { writeXml } from "../xml/write.ts";
import type { ObjectRequest, OperationContext } from "./context.ts";
import { invalidArgument, parseCopySource, wholeNumber } from "./parameters.ts";

const OVERRIDES = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
];

/** PutObject. */
export async function putObject(
  request: ObjectRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  const attributes = parseAttributes(request.headers);
  const conditions = writeConditions(request.headers);
  const { body, options } = request.body.forObject(MAX_SINGLE_PUT_BYTES);
  const info = await engine.objects.put(request.bucket, request.key, body, {
    ...options,
    attributes,
    conditions,
  });
  return emptyAnswer(200, {
    ETag: `"${info.etag}"`,
    ...checksumFields(info.checksum),
    ...expirationField(info),
  });
}

/** GetObject. */
export async function getObject(
  request: ObjectRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  const object = await engine.objects.open(request.bucket, request.key);
  try {
    const plan = planRead(request, object);
    if (plan.kind === "not-modified") {
      object.close();
      return { status: 304, headers: validatorFields(object.info) };
    }
    return {
      status: plan.range ? 206 : 200,
      headers: plan.headers,
      body: {
        pump: (take) => object.pump(take, plan.range, request.signal),
        close: object.close,
      },
    };
  } catch (error) {
    object.close();
    throw error;
  }
}

/** HeadObject: GetObject's answer without its body. */
export async function headObject(
  request: ObjectRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  const object = await engine.objects.open(request.bucket, request.key, "describe");
  try {
    const plan = planRead(request, object);
    if (plan.kind === "not-modified") return { status: 304, headers: validatorFields(object.info) };
    return { status: plan.range ? 206 : 200, headers: plan.headers };
  } finally {
    object.close();
  }
}

/** CopyObject. @throws InvalidArgument for an unknown directive */
export async function copyObject(
  request: ObjectRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  const { headers } = request;
  const source = {
    ...parseCopySource(headers.get("x-amz-copy-source") ?? ""),
    conditions: readConditions(headers, "x-amz-copy-source-"),
  };
  await request.body.text(0);
  const info = await engine.objects.copy(source, request.bucket, request.key, copyOptions(request));
  return xmlAnswer(
    writeXml("CopyObjectResult", [
      ["LastModified", new Date(info.lastModified).toISOString()],
      ["ETag", `"${info.etag}"`],
      ...checksumNodes(info.checksum),
    ]),
    expirationField(info),
  );
}

/** DeleteObject. */
export async function deleteObject(
  { bucket, key, headers }: ObjectRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  const { ifMatch } = writeConditions(headers);
  await engine.objects.delete(bucket, key, ifMatch === undefined ? {} : { ifMatch });
  return emptyAnswer(204);
}

type ReadPlan =
  | { readonly kind: "not-modified" }
  | {
      readonly kind: "proceed";
      /** Absent: all of the object, with status 200. */
      readonly range?: ByteRange;
      readonly headers: Readonly<Record<string, string>>;
    };

function planRead(request: ObjectRequest, object: OpenedObject): ReadPlan {
  const { headers } = request;
  const { info } = object;
  if (evaluateRead(readConditions(headers), info) === "not-modified") {
    return { kind: "not-modified" };
  }
  const partNumber = wholeNumber(request.query, "partNumber");
  const range =
    partNumber === undefined
      ? requestedRange(headers, info)
      : partRange(request, object, partNumber);
  const fields: Record<string, string> = {
    ...attributeFields(info),
    ...validatorFields(info),
    ...overrideFields(request),
    ...readChecksum(request, object, range, partNumber),
    "Accept-Ranges": "bytes",
    "Content-Length": String(range ? range.end - range.start : info.sizeBytes),
    ...(partNumber !== undefined &&
      info.partCount !== undefined && { "x-amz-mp-parts-count": String(info.partCount) }),
    ...(range &&
      range.end > range.start && { "Content-Range": contentRange(range, info.sizeBytes) }),
  };
  const inert = inertFields(fields["content-type"] ?? "");
  return { kind: "proceed", ...(range && { range }), headers: { ...fields, ...inert } };
}

/**
 * What was uploaded is shown, and never runs: cookies know no ports, so that a script of an object would speak for
 * whoever has signed in to a page on this host. Browsers show no PDF in a sandbox; its scripts reach no page.
 * @see https://www.w3.org/TR/CSP3/#directive-sandbox
 */
function inertFields(contentType: string): Record<string, string> {
  // Of several types, and behind a parameter too, a browser takes the last: only the bare one is believed.
  const isPdf = contentType.trim().toLowerCase() === "application/pdf";
  return {
    "X-Content-Type-Options": "nosniff",
    ...(isPdf ? {} : { "Content-Security-Policy": "sandbox" }),
  };
}

function requestedRange(
  headers: ObjectRequest["headers"],
  info: ObjectInfo,
): ByteRange | undefined {
  const header = headers.get("range");
  if (header === undefined || !rangeApplies(headers.get("if-range"), info)) return undefined;
  return parseRange(header, info.sizeBytes);
}

function partRange(request: ObjectRequest, object: OpenedObject, partNumber: number): ByteRange {
  if (request.headers.has("range")) {
    throw new S3Error("InvalidRequest", {
      message: "Cannot specify both Range header and partNumber query parameter",
    });
  }
  if (partNumber < 1 || partNumber > 10_000) {
    const message = "Part number must be an integer between 1 and 10000, inclusive";
    throw invalidArgument("partNumber", String(partNumber), message);
  }
  const range = object.partRange(partNumber);
  if (!range) throw new S3Error("InvalidPartNumber");
  return range;
}

function readChecksum(
  request: ObjectRequest,
  object: OpenedObject,
  range: ByteRange | undefined,
  partNumber: number | undefined,
): Record<string, string> {
  const { checksum } = object.info;
  if (request.headers.get("x-amz-checksum-mode")?.toUpperCase() !== "ENABLED" || !checksum)
    return {};
  if (!range) return checksumFields(checksum);
  // A range has no checksum of its own; a part has.
  const part = object.parts().find((candidate) => candidate.partNumber === partNumber);
  if (part?.checksum === undefined) return {};
  return {
    [checksumHeader(checksum.algorithm)]: part.checksum,
    "x-amz-checksum-type": checksum.type,
  };
}

function validatorFields(info: ObjectInfo): Record<string, string> {
  return {
    ETag: `"${info.etag}"`,
    "Last-Modified": new Date(info.lastModified).toUTCString(),
  };
}

function overrideFields({ query }: ObjectRequest): Record<string, string> {
  const given = OVERRIDES.flatMap((name) => {
    const value = query.get(`response-${name}`);
    return value === undefined ? [] : [[name, fieldValue(value)] as const];
  });
  return Object.fromEntries(given);
}

function copyOptions({ headers, signal }: ObjectRequest): CopyOptions {
  refuseUnsupported(headers);
  const tagging = headers.get("x-amz-tagging");
  const storageClass = headers.get("x-amz-storage-class");
  const algorithm = headers.get("x-amz-checksum-algorithm");
  return {
    ...(directive(headers, "x-amz-metadata-directive") === "REPLACE"
      ? {
          replaceMetadata: true,
          headers: parseObjectHeaders(headers),
          metadata: parseMetadata(headers),
        }
      : { replaceMetadata: false }),
    ...(directive(headers, "x-amz-tagging-directive") === "REPLACE" && {
      tags: parseTaggingHeader(tagging ?? ""),
    }),
    ...(storageClass !== undefined && { storageClass }),
    ...(algorithm !== undefined && { checksumAlgorithm: parseChecksumAlgorithm(algorithm) }),
    conditions: writeConditions(headers),
    signal,
  };
}

function directive(headers: ObjectRequest["headers"], name: string): "COPY" | "REPLACE" {
  const value = headers.get(name)?.toUpperCase() ?? "COPY";
  if (value === "COPY" || value === "REPLACE") return value;
  throw invalidArgument(name, value, `Unknown ${name}.`);
}
