/** Operations on buckets and their listings. */
import type { ListedObject, ListOptions, ListPage } from "../../engine.ts";
import { S3Error } from "../../s3-error.ts";
import { emptyAnswer, type S3Answer, xmlAnswer } from "../answer.ts";
import { refuseUnsupported } from "../object-attributes.ts";
import type { S3Request } from "../request.ts";
import { parseCreateBucket } from "../xml/bucket-configuration.ts";
import {
  MAX_DELETED_OBJECTS,
  parseDeleteObjects,
  type DeletedObject,
} from "../xml/delete-objects.ts";
import { writeXml, type XmlNode } from "../xml/write.ts";
import type { BucketRequest, OperationContext, Owner } from "./context.ts";
import {
  keyWriter,
  pageSize,
  readContinuationToken,
  wholeNumber,
  writeContinuationToken,
} from "./parameters.ts";

/** A thousand keys of 1,024 bytes, each byte as a reference, and their tags. */
const MAX_DELETE_BYTES = 8 * 1024 * 1024;
const MAX_DOCUMENT_BYTES = 1024 * 1024;
const MAX_BUCKETS = 10_000;
const DEFAULT_REGION = "us-east-1";

/** ListBuckets. */
export async function listBuckets(
  { query }: S3Request,
  context: OperationContext,
): Promise<S3Answer> {
  const prefix = query.get("prefix") ?? "";
  const token = query.get("continuation-token");
  const from = token === undefined ? "" : readContinuationToken(token);
  const maxBuckets = wholeNumber(query, "max-buckets") ?? MAX_BUCKETS;
  const all = await context.engine.buckets.list();
  const listed = all.filter(({ name }) => name.startsWith(prefix) && name > from);
  const buckets = listed.slice(0, maxBuckets);
  const last = buckets.length < listed.length ? buckets.at(-1)?.name : undefined;
  return xmlAnswer(
    writeXml("ListAllMyBucketsResult", [
      ownerNode(context.owner),
      [
        "Buckets",
        buckets.map(({ name, createdAt }): XmlNode => [
          "Bucket",
          [
            ["Name", name],
            ["CreationDate", new Date(createdAt).toISOString()],
          ],
        ]),
      ],
      ["ContinuationToken", last === undefined ? undefined : writeContinuationToken(last)],
      ["Prefix", prefix || undefined],
    ]),
  );
}

/** CreateBucket. @throws IllegalLocationConstraintException for another region than the store's */
export async function createBucket(
  request: BucketRequest,
  { engine, region }: OperationContext,
): Promise<S3Answer> {
  refuseUnsupported(request.headers);
  if (request.headers.get("x-amz-bucket-object-lock-enabled")?.toLowerCase() === "true") {
    throw new S3Error("NotImplemented", { fields: { Header: "x-amz-bucket-object-lock-enabled" } });
  }
  const location = parseCreateBucket(await request.body.text(MAX_DOCUMENT_BYTES));
  if (location !== undefined && location !== region) {
    throw new S3Error("IllegalLocationConstraintException", {
      message: `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    });
  }
  await engine.buckets.create(request.bucket);
  return emptyAnswer(200, { Location: `/${request.bucket}` });
}

/** HeadBucket. */
export async function headBucket(
  { bucket }: BucketRequest,
  { engine, region }: OperationContext,
): Promise<S3Answer> {
  await engine.buckets.head(bucket);
  return emptyAnswer(200, { "x-amz-bucket-region": region });
}

/** DeleteBucket. */
export async function deleteBucket(
  { bucket }: BucketRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  await engine.buckets.delete(bucket);
  return emptyAnswer(204);
}

/** GetBucketLocation; the oldest region has an empty name. */
export async function getBucketLocation(
  { bucket }: BucketRequest,
  { engine, region }: OperationContext,
): Promise<S3Answer> {
  await engine.buckets.head(bucket);
  return xmlAnswer(writeXml("LocationConstraint", region === DEFAULT_REGION ? "" : region));
}

/** ListObjects, both versions. @throws InvalidArgument */
export async function listObjects(
  request: BucketRequest,
  context: OperationContext,
): Promise<S3Answer> {
  const version = request.query.get("list-type");
  if (version === "2") return listObjectsV2(request, context);
  if (version === undefined || version === "1") return listObjectsV1(request, context);
  throw new S3Error("InvalidArgument", {
    message: "Invalid list-type",
    fields: { ArgumentName: "list-type", ArgumentValue: version },
  });
}

async function listObjectsV1(
  { bucket, query }: BucketRequest,
  { engine, owner }: OperationContext,
): Promise<S3Answer> {
  const write = keyWriter(query);
  const marker = query.get("marker") ?? "";
  const options = listOptions(
    query.get("prefix"),
    query.get("delimiter"),
    marker,
    pageSize(query, "max-keys"),
  );
  const page = await engine.objects.list(bucket, options);
  // Without a delimiter, the last key serves as the marker and S3 leaves NextMarker out.
  const nextMarker = options.delimiter === undefined ? undefined : page.nextStartAfter;
  return xmlAnswer(
    writeXml("ListBucketResult", [
      ["Name", bucket],
      ["Prefix", write(options.prefix ?? "")],
      ["Marker", write(marker)],
      ["NextMarker", nextMarker === undefined ? undefined : write(nextMarker)],
      ...pageNodes(options, page, query.get("encoding-type"), write),
      ...page.objects.map((object) => contentsNode(object, write, owner)),
      ...prefixNodes(page.prefixes, write),
    ]),
  );
}

async function listObjectsV2(
  { bucket, query }: BucketRequest,
  { engine, owner }: OperationContext,
): Promise<S3Answer> {
  const write = keyWriter(query);
  const token = query.get("continuation-token");
  const startAfter = query.get("start-after");
  const from = token === undefined ? (startAfter ?? "") : readContinuationToken(token);
  const options = listOptions(
    query.get("prefix"),
    query.get("delimiter"),
    from,
    pageSize(query, "max-keys"),
  );
  const page = await engine.objects.list(bucket, options);
  const next = page.nextStartAfter;
  const shownOwner = query.get("fetch-owner") === "true" ? owner : undefined;
  return xmlAnswer(
    writeXml("ListBucketResult", [
      ["Name", bucket],
      ["Prefix", write(options.prefix ?? "")],
      ["StartAfter", startAfter === undefined ? undefined : write(startAfter)],
      ["ContinuationToken", token],
      ["NextContinuationToken", next === undefined ? undefined : writeContinuationToken(next)],
      ["KeyCount", page.objects.length + page.prefixes.length],
      ...pageNodes(options, page, query.get("encoding-type"), write),
      ...page.objects.map((object) => contentsNode(object, write, shownOwner)),
      ...prefixNodes(page.prefixes, write),
    ]),
  );
}

/** DeleteObjects. @throws InvalidRequest without any digest of the document, as S3 does */
export async function deleteObjects(
  request: BucketRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  requireDigest(request);
  const { objects, isQuiet } = parseDeleteObjects(await request.body.text(MAX_DELETE_BYTES));
  await engine.buckets.head(request.bucket);
  const [refused, accepted] = partition(objects);
  const plain = accepted.filter(({ etag }) => etag === undefined).map(({ key }) => key);
  await engine.objects.deleteMany(request.bucket, plain);
  for (const object of accepted.filter(({ etag }) => etag !== undefined)) {
    try {
      await engine.objects.delete(request.bucket, object.key, { ifMatch: object.etag ?? "" });
    } catch (error) {
      if (!(error instanceof S3Error) || error.status >= 500) throw error;
      refused.push({ object, error });
    }
  }
  const failed = new Set(refused.map(({ object }) => object));
  const deleted = isQuiet ? [] : objects.filter((object) => !failed.has(object));
  return xmlAnswer(
    writeXml("DeleteResult", [
      ...deleted.map(({ key }): XmlNode => ["Deleted", [["Key", key]]]),
      ...refused.map(({ object, error }): XmlNode => [
        "Error",
        [
          ["Key", object.key],
          ["VersionId", object.versionId],
          ["Code", error.code],
          ["Message", error.message],
        ],
      ]),
    ]),
  );
}

interface RefusedDeletion {
  readonly object: DeletedObject;
  readonly error: S3Error;
}

function partition(objects: readonly DeletedObject[]): [RefusedDeletion[], DeletedObject[]] {
  const refused: RefusedDeletion[] = [];
  const accepted: DeletedObject[] = [];
  for (const object of objects.slice(0, MAX_DELETED_OBJECTS)) {
    const isVersion = object.versionId !== undefined && object.versionId !== "null";
    if (isVersion) refused.push({ object, error: new S3Error("NoSuchVersion") });
    else if (Buffer.byteLength(object.key) > 1024) {
      refused.push({ object, error: new S3Error("KeyTooLongError") });
    } else accepted.push(object);
  }
  return [refused, accepted];
}

function requireDigest({ headers }: BucketRequest): void {
  const hasDigest = [...headers.keys()].some(
    (name) =>
      name === "content-md5" || name === "x-amz-trailer" || name.startsWith("x-amz-checksum-"),
  );
  if (hasDigest) return;
  throw new S3Error("InvalidRequest", {
    message: "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
  });
}

function listOptions(
  prefix: string | undefined,
  delimiter: string | undefined,
  startAfter: string,
  maxKeys: number,
): ListOptions {
  return {
    ...(prefix && { prefix }),
    ...(delimiter && { delimiter }),
    ...(startAfter && { startAfter }),
    maxKeys,
  };
}

function pageNodes(
  options: ListOptions,
  page: ListPage,
  encoding: string | undefined,
  write: (text: string) => string,
): readonly XmlNode[] {
  return [
    ["MaxKeys", options.maxKeys],
    ["Delimiter", options.delimiter === undefined ? undefined : write(options.delimiter)],
    ["EncodingType", encoding || undefined],
    ["IsTruncated", page.isTruncated],
  ];
}

function contentsNode(
  object: ListedObject,
  write: (text: string) => string,
  owner: Owner | undefined,
): XmlNode {
  return [
    "Contents",
    [
      ["Key", write(object.key)],
      ["LastModified", new Date(object.lastModified).toISOString()],
      ["ETag", `"${object.etag}"`],
      ["ChecksumAlgorithm", object.checksum?.algorithm],
      ["ChecksumType", object.checksum?.type],
      ["Size", object.sizeBytes],
      ...(owner ? [ownerNode(owner)] : []),
      ["StorageClass", object.storageClass],
    ],
  ];
}

/** Common prefixes of a listing. */
export function prefixNodes(
  prefixes: readonly string[],
  write: (text: string) => string,
): readonly XmlNode[] {
  return prefixes.map((prefix): XmlNode => ["CommonPrefixes", [["Prefix", write(prefix)]]]);
}

/** The owner of something, or another element of that shape. */
export function ownerNode(owner: Owner, name = "Owner"): XmlNode {
  return [
    name,
    [
      ["ID", owner.id],
      ["DisplayName", owner.displayName],
    ],
  ];
}
