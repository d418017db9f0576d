/** Configuration of buckets, tags of objects, and what S3 answers about configuration that is not here. */
import type { BucketDocumentKind, BucketDocuments } from "../../engine.ts";
import { S3Error, type S3ErrorCode } from "../../s3-error.ts";
import { emptyAnswer, xmlAnswer, type S3Answer } from "../answer.ts";
import { parseAccelerate, writeAccelerate } from "../xml/bucket-configuration.ts";
import { refuseUnsupported } from "../object-attributes.ts";
import { parseCorsConfiguration, writeCorsConfiguration } from "../xml/cors-configuration.ts";
import {
  parseLifecycleConfiguration,
  writeLifecycleConfiguration,
} from "../xml/lifecycle-configuration.ts";
import { parseTagging, writeTagging } from "../xml/tagging.ts";
import { child, childrenOf, childText, malformed, parseXml } from "../xml/parse.ts";
import { writeXml, type XmlContent } from "../xml/write.ts";
import { ownerNode } from "./bucket.ts";
import type { BucketRequest, ObjectRequest, Operation, OperationContext } from "./context.ts";

const MAX_DOCUMENT_BYTES = 1024 * 1024;

/** What holds where a lifecycle configuration came without it. */
const DEFAULT_TRANSITION_MINIMUM = "all_storage_classes_128K";

/** Reads, writes and deletes one kind of document. */
interface DocumentOperations {
  readonly get: Operation<BucketRequest>;
  readonly put: Operation<BucketRequest>;
  readonly remove: Operation<BucketRequest>;
}

interface DocumentCodec<K extends BucketDocumentKind> {
  readonly kind: K;
  readonly parse: (xml: string) => BucketDocuments[K];
  /** @throws S3Error where a document that is not there is an error */
  readonly write: (document: BucketDocuments[K] | undefined) => string;
  readonly putStatus: 200 | 204;
}

/** PutBucketCors, GetBucketCors, DeleteBucketCors. */
export const cors = documentOperations({
  kind: "cors",
  parse: parseCorsConfiguration,
  write: (rules) => writeCorsConfiguration(rules ?? absent("NoSuchCORSConfiguration")),
  putStatus: 200,
});

const lifecycleRules = documentOperations({
  kind: "lifecycle",
  parse: parseLifecycleConfiguration,
  write: (rules) => writeLifecycleConfiguration(rules ?? absent("NoSuchLifecycleConfiguration")),
  putStatus: 200,
});

const TRANSITION_MINIMUM = "x-amz-transition-default-minimum-object-size";

/** PutBucketLifecycleConfiguration, GetBucketLifecycleConfiguration, DeleteBucketLifecycle. */
export const lifecycle: DocumentOperations = {
  async get(request, context) {
    const answer = await lifecycleRules.get(request, context);
    return withTransitionMinimum(answer, request, context);
  },
  async put(request, context) {
    const minimum = transitionMinimumOf(request);
    const answer = await lifecycleRules.put(request, context);
    await context.engine.buckets.putDocument(request.bucket, "transitionMinimum", minimum);
    return withTransitionMinimum(answer, request, context);
  },
  async remove(request, context) {
    await context.engine.buckets.deleteDocument(request.bucket, "transitionMinimum");
    return lifecycleRules.remove(request, context);
  },
};

function transitionMinimumOf({ headers }: BucketRequest): BucketDocuments["transitionMinimum"] {
  const value = headers.get(TRANSITION_MINIMUM) ?? DEFAULT_TRANSITION_MINIMUM;
  if (value === "varies_by_storage_class" || value === DEFAULT_TRANSITION_MINIMUM) return value;
  throw new S3Error("InvalidArgument", { fields: { ArgumentName: TRANSITION_MINIMUM } });
}

async function withTransitionMinimum(
  answer: S3Answer,
  { bucket }: BucketRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  const kept = await engine.buckets.getDocument(bucket, "transitionMinimum");
  const headers = { ...answer.headers, [TRANSITION_MINIMUM]: kept ?? DEFAULT_TRANSITION_MINIMUM };
  return { ...answer, headers };
}

/** PutBucketAccelerateConfiguration, GetBucketAccelerateConfiguration. */
export const accelerate = documentOperations({
  kind: "accelerate",
  parse: parseAccelerate,
  write: writeAccelerate,
  putStatus: 200,
});

/** PutBucketTagging, GetBucketTagging, DeleteBucketTagging. */
export const bucketTagging = documentOperations({
  kind: "tagging",
  parse: parseTagging,
  write: (tags) => writeTagging(tags ?? absent("NoSuchTagSet")),
  putStatus: 204,
});

/** PutObjectTagging, GetObjectTagging, DeleteObjectTagging. */
export const objectTagging = {
  async get({ bucket, key }: ObjectRequest, { engine }: OperationContext) {
    return xmlAnswer(writeTagging(await engine.objects.getTags(bucket, key)));
  },
  async put({ bucket, key, body }: ObjectRequest, { engine }: OperationContext) {
    await engine.objects.putTags(bucket, key, parseTagging(await body.text(MAX_DOCUMENT_BYTES)));
    return emptyAnswer(200);
  },
  async remove({ bucket, key }: ObjectRequest, { engine }: OperationContext) {
    await engine.objects.putTags(bucket, key, {});
    return emptyAnswer(204);
  },
};

/** GetBucketAcl: the owner has full control, and nobody else any. */
export async function getBucketAcl({ bucket }: BucketRequest, context: OperationContext) {
  await context.engine.buckets.head(bucket);
  return xmlAnswer(aclDocument(context));
}

/** GetObjectAcl: as the bucket's. */
export async function getObjectAcl({ bucket, key }: ObjectRequest, context: OperationContext) {
  await context.engine.objects.head(bucket, key);
  return xmlAnswer(aclDocument(context));
}

/** PutBucketAcl, where it says what holds anyway. @throws NotImplemented for any other grant */
export async function putBucketAcl(request: BucketRequest, context: OperationContext) {
  await context.engine.buckets.head(request.bucket);
  await requirePrivateAcl(request, context);
  return emptyAnswer(200);
}

/** PutObjectAcl: as the bucket's. */
export async function putObjectAcl(request: ObjectRequest, context: OperationContext) {
  await context.engine.objects.head(request.bucket, request.key);
  await requirePrivateAcl(request, context);
  return emptyAnswer(200);
}

async function requirePrivateAcl(
  { headers, body }: BucketRequest,
  { owner }: OperationContext,
): Promise<void> {
  refuseUnsupported(headers);
  const xml = await body.text(MAX_DOCUMENT_BYTES);
  if (xml === "") return;
  const list = child(parseXml(xml, "AccessControlPolicy"), "AccessControlList");
  if (!list) throw malformed();
  const isPrivate = childrenOf(list, "Grant").every((grant) => {
    const grantee = child(grant, "Grantee");
    return grantee !== undefined && childText(grantee, "ID")?.trim() === owner.id;
  });
  if (!isPrivate) throw new S3Error("NotImplemented");
}

/** Answers a fixed document for a configuration that a bucket always has. */
export function fixedDocument(name: string, content: XmlContent = ""): Operation<BucketRequest> {
  return async ({ bucket }, { engine }) => {
    await engine.buckets.head(bucket);
    return xmlAnswer(writeXml(name, content));
  };
}

/** Answers that a bucket has no such configuration. */
export function noConfiguration(code: S3ErrorCode): Operation<BucketRequest> {
  return async ({ bucket }, { engine }) => {
    await engine.buckets.head(bucket);
    return absent(code);
  };
}

function documentOperations<K extends BucketDocumentKind>(
  codec: DocumentCodec<K>,
): DocumentOperations {
  return {
    async get({ bucket }, { engine }) {
      return xmlAnswer(codec.write(await engine.buckets.getDocument(bucket, codec.kind)));
    },
    async put({ bucket, body }, { engine }) {
      await engine.buckets.head(bucket);
      const document = codec.parse(await body.text(MAX_DOCUMENT_BYTES));
      await engine.buckets.putDocument(bucket, codec.kind, document);
      return { status: codec.putStatus };
    },
    async remove({ bucket }, { engine }) {
      await engine.buckets.deleteDocument(bucket, codec.kind);
      return emptyAnswer(204);
    },
  };
}

function aclDocument({ owner }: OperationContext): string {
  const grantee = [
    ["ID", owner.id],
    ["DisplayName", owner.displayName],
  ] as const;
  const attributes = {
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:type": "CanonicalUser",
  };
  return writeXml("AccessControlPolicy", [
    ownerNode(owner),
    [
      "AccessControlList",
      [
        [
          "Grant",
          [
            ["Grantee", grantee, attributes],
            ["Permission", "FULL_CONTROL"],
          ],
        ],
      ],
    ],
  ]);
}

function absent(code: S3ErrorCode): never {
  throw new S3Error(code);
}
