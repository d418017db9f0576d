/** Which operation a request asks for. */
import { S3Error } from "../s3-error.ts";
import type { S3Answer } from "./answer.ts";
import * as buckets from "./operations/bucket.ts";
import * as configuration from "./operations/configuration.ts";
import type {
  BucketRequest,
  ObjectRequest,
  Operation,
  OperationContext,
} from "./operations/context.ts";
import * as multipart from "./operations/multipart.ts";
import { getObjectAttributes } from "./operations/object-attributes.ts";
import * as objects from "./operations/object.ts";
import { restoreObject } from "./operations/restore-object.ts";
import { selectObjectContent } from "./operations/select-object-content.ts";
import type { S3Request } from "./request.ts";

/** Operations by `METHOD` or `METHOD ?subresource`. */
type Routes<R extends S3Request> = Readonly<Record<string, Operation<R>>>;

const { cors, lifecycle, accelerate, bucketTagging, objectTagging } = configuration;
const { fixedDocument, noConfiguration } = configuration;

const BUCKET_ROUTES: Routes<BucketRequest> = {
  GET: buckets.listObjects,
  PUT: buckets.createBucket,
  HEAD: buckets.headBucket,
  DELETE: buckets.deleteBucket,
  "POST ?delete": buckets.deleteObjects,
  "GET ?uploads": multipart.listMultipartUploads,
  "GET ?location": buckets.getBucketLocation,
  "GET ?cors": cors.get,
  "PUT ?cors": cors.put,
  "DELETE ?cors": cors.remove,
  "GET ?lifecycle": lifecycle.get,
  "PUT ?lifecycle": lifecycle.put,
  "DELETE ?lifecycle": lifecycle.remove,
  "GET ?accelerate": accelerate.get,
  "PUT ?accelerate": accelerate.put,
  "GET ?tagging": bucketTagging.get,
  "PUT ?tagging": bucketTagging.put,
  "DELETE ?tagging": bucketTagging.remove,
  "GET ?acl": configuration.getBucketAcl,
  "PUT ?acl": configuration.putBucketAcl,
  "GET ?versioning": fixedDocument("VersioningConfiguration"),
  "GET ?logging": fixedDocument("BucketLoggingStatus"),
  "GET ?notification": fixedDocument("NotificationConfiguration"),
  "GET ?requestPayment": fixedDocument("RequestPaymentConfiguration", [["Payer", "BucketOwner"]]),
  "GET ?policy": noConfiguration("NoSuchBucketPolicy"),
  "GET ?policyStatus": noConfiguration("NoSuchBucketPolicy"),
  "GET ?website": noConfiguration("NoSuchWebsiteConfiguration"),
  "GET ?encryption": noConfiguration("ServerSideEncryptionConfigurationNotFoundError"),
  "GET ?publicAccessBlock": noConfiguration("NoSuchPublicAccessBlockConfiguration"),
  "GET ?ownershipControls": noConfiguration("OwnershipControlsNotFoundError"),
  "GET ?replication": noConfiguration("ReplicationConfigurationNotFoundError"),
  "GET ?object-lock": noConfiguration("ObjectLockConfigurationNotFoundError"),
};

const OBJECT_ROUTES: Routes<ObjectRequest> = {
  GET: objects.getObject,
  HEAD: objects.headObject,
  PUT: objects.putObject,
  DELETE: objects.deleteObject,
  "PUT copy": objects.copyObject,
  "POST ?uploads": multipart.createMultipartUpload,
  "PUT ?uploadId": multipart.uploadPart,
  "PUT ?uploadId copy": multipart.uploadPartCopy,
  "GET ?uploadId": multipart.listParts,
  "POST ?uploadId": multipart.completeMultipartUpload,
  "DELETE ?uploadId": multipart.abortMultipartUpload,
  "GET ?tagging": objectTagging.get,
  "PUT ?tagging": objectTagging.put,
  "DELETE ?tagging": objectTagging.remove,
  "GET ?acl": configuration.getObjectAcl,
  "PUT ?acl": configuration.putObjectAcl,
  "GET ?attributes": getObjectAttributes,
  "POST ?restore": restoreObject,
  "POST ?select": selectObjectContent,
};

/** Subresources that S3 has and this store may not: never taken for something else. */
const SUBRESOURCES = new Set([
  ...Object.keys({ ...BUCKET_ROUTES, ...OBJECT_ROUTES }).flatMap((route) => {
    const [, subresource] = /\?([^ ]+)/.exec(route) ?? [];
    return subresource === undefined ? [] : [subresource];
  }),
  "analytics",
  "intelligent-tiering",
  "inventory",
  "legal-hold",
  "metadataConfiguration",
  "metadataTable",
  "metrics",
  "abac",
  "append",
  "rename",
  "renameObject",
  "retention",
  "session",
  "torrent",
  "versions",
]);

/** Parameters that go with operations and choose none. */
const PARAMETERS = new Set([
  "x-id",
  "versionId",
  "partNumber",
  "list-type",
  "prefix",
  "delimiter",
  "marker",
  "max-keys",
  "encoding-type",
  "continuation-token",
  "start-after",
  "fetch-owner",
  "key-marker",
  "upload-id-marker",
  "max-uploads",
  "max-parts",
  "part-number-marker",
  "select-type",
  "max-buckets",
  "bucket-region",
]);

/**
 * Runs the operation that `request` asks for.
 * @throws NotImplemented for what S3 may have and this store has not, MethodNotAllowed, NoSuchVersion
 */
export async function route(request: S3Request, context: OperationContext): Promise<S3Answer> {
  const subresource = subresourceOf(request);
  const { bucket, key } = request;
  if (bucket === undefined) return serviceOperation(request, context, subresource);
  if (key === undefined) {
    const operation = find(BUCKET_ROUTES, request.method, subresource);
    return operation({ ...request, bucket }, context);
  }
  refuseVersions(request);
  refuseLonePart(request);
  const suffix = request.method === "PUT" && request.headers.has("x-amz-copy-source");
  const operation = find(OBJECT_ROUTES, request.method, subresource, suffix ? " copy" : "");
  return operation({ ...request, bucket, key }, context);
}

function serviceOperation(
  request: S3Request,
  context: OperationContext,
  subresource: string | undefined,
): Promise<S3Answer> {
  if (subresource !== undefined) throw new S3Error("NotImplemented");
  if (request.method !== "GET") throw new S3Error("MethodNotAllowed");
  return buckets.listBuckets(request, context);
}

function find<R extends S3Request>(
  routes: Routes<R>,
  method: string,
  subresource: string | undefined,
  suffix = "",
): Operation<R> {
  const name = subresource === undefined ? "" : ` ?${subresource}`;
  const operation = routes[`${method}${name}${suffix}`];
  if (operation) return operation;
  if (subresource !== undefined) {
    throw new S3Error("NotImplemented", { fields: { QueryParameter: subresource } });
  }
  throw new S3Error("MethodNotAllowed", { fields: { Method: method } });
}

// A request whose query is not understood might mean something else than its method says: other stores
// were seen to answer `GET ?accelerate` with a listing, and to delete buckets on `DELETE ?unknown`.
function subresourceOf({ query, method }: S3Request): string | undefined {
  const named = query.pairs.map(([name]) => name).filter((name) => SUBRESOURCES.has(name));
  if (named.length > 1) {
    throw new S3Error("InvalidArgument", {
      message: `Conflicting query string parameters: ${named.join(", ")}`,
      fields: { ArgumentName: "ResourceType", ArgumentValue: named.join(", ") },
    });
  }
  if (named.length === 1) return named[0];
  const isRisky = method !== "GET" && method !== "HEAD";
  const unknown = query.pairs.find(
    ([name, value]) => !isParameter(name) && (isRisky || value === ""),
  );
  if (unknown) throw new S3Error("NotImplemented", { fields: { QueryParameter: unknown[0] } });
  return undefined;
}

function isParameter(name: string): boolean {
  return PARAMETERS.has(name) || name.startsWith("response-") || /^x-amz-/i.test(name);
}

function refuseVersions({ query }: S3Request): void {
  const versionId = query.get("versionId");
  if (versionId === undefined || versionId === "null") return;
  throw new S3Error("NoSuchVersion", { fields: { VersionId: versionId } });
}

// A part that lost its upload ID must not replace the whole object.
function refuseLonePart({ method, query }: S3Request): void {
  if (method !== "PUT" || query.get("partNumber") === undefined || query.get("uploadId")) return;
  throw new S3Error("InvalidArgument", { message: "partNumber needs an uploadId beside it" });
}
