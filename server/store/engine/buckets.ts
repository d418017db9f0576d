import { checkBucketTags } from "./attributes.ts";
import { isBucketName } from "./bucket-name.ts";
import type { Tables } from "../catalogue/catalogue.ts";
import { removeUpload, type Released } from "../catalogue/ownership.ts";
import type { BucketRecord } from "../catalogue/records.ts";
import { bucketRows } from "../catalogue/row-key.ts";
import type { EngineContext } from "./context.ts";
import type { BucketDocumentKind, BucketDocuments, BucketInfo, Buckets } from "../engine.ts";
import { checkedLifecycle } from "./lifecycle.ts";
import { releaseAll } from "./release.ts";
import { S3Error } from "../s3-error.ts";

const MAX_BUCKET_NAME_LENGTH = 63;

/** The bucket's record. @throws NoSuchBucket */
export function requireBucket(tables: Tables, bucket: string): BucketRecord {
  const isPossible = bucket.length > 0 && bucket.length <= MAX_BUCKET_NAME_LENGTH;
  const record = isPossible ? tables.buckets.get(bucket) : undefined;
  if (!record) throw new S3Error("NoSuchBucket", { fields: { BucketName: bucket } });
  return record;
}

/** Buckets on top of the catalogue. */
export function createBuckets(context: EngineContext): Buckets {
  const { catalogue, files, now } = context;
  const { tables } = catalogue;
  return {
    create: (bucket) => catalogue.write(() => createBucket(tables, bucket, now())),
    async head(bucket) {
      return bucketInfo(bucket, requireBucket(tables, bucket));
    },
    async list() {
      return [...tables.buckets.getRange()].map(({ key, value }) => bucketInfo(key, value));
    },
    async delete(bucket) {
      releaseAll(files, await catalogue.write(() => deleteBucket(tables, bucket), "release"));
    },
    async getDocument(bucket, kind) {
      return requireBucket(tables, bucket).documents[kind];
    },
    async putDocument(bucket, kind, document) {
      const checked = checkedDocuments({ [kind]: document });
      await catalogue.write(() => {
        const record = requireBucket(tables, bucket);
        const documents = { ...record.documents, ...checked };
        tables.buckets.putSync(bucket, { ...record, documents });
      });
    },
    deleteDocument: (bucket, kind) => catalogue.write(() => deleteDocument(tables, bucket, kind)),
  };
}

function createBucket(tables: Tables, bucket: string, createdAt: number): BucketInfo {
  if (!isBucketName(bucket)) {
    throw new S3Error("InvalidBucketName", { fields: { BucketName: bucket } });
  }
  if (tables.buckets.doesExist(bucket)) {
    throw new S3Error("BucketAlreadyOwnedByYou", { fields: { BucketName: bucket } });
  }
  // Numbers are never used again: a row left over from a deleted bucket must not turn up in a new one.
  const bucketNumber = (tables.settings.get("lastBucketNumber") ?? 0) + 1;
  tables.settings.putSync("lastBucketNumber", bucketNumber);
  const record = { bucketNumber, createdAt, documents: {} };
  tables.buckets.putSync(bucket, record);
  return bucketInfo(bucket, record);
}

function deleteBucket(tables: Tables, bucket: string): Released[] {
  const rows = bucketRows(requireBucket(tables, bucket).bucketNumber);
  if (tables.objects.getKeysCount({ ...rows, limit: 1 }) > 0) {
    throw new S3Error("BucketNotEmpty", { fields: { BucketName: bucket } });
  }
  const uploads = Array.from(tables.uploads.getRange(rows));
  tables.buckets.removeSync(bucket);
  return uploads.flatMap(({ key, value }) => removeUpload(tables, key, value.uploadId));
}

function deleteDocument(tables: Tables, bucket: string, kind: BucketDocumentKind): void {
  const record = requireBucket(tables, bucket);
  const { [kind]: _, ...documents } = record.documents;
  tables.buckets.putSync(bucket, { ...record, documents });
}

function checkedDocuments(documents: Partial<BucketDocuments>): Partial<BucketDocuments> {
  const { lifecycle, tagging } = documents;
  if (tagging) checkBucketTags(tagging);
  return lifecycle ? { ...documents, lifecycle: checkedLifecycle(lifecycle) } : documents;
}

function bucketInfo(name: string, { createdAt }: BucketRecord): BucketInfo {
  return { name, createdAt };
}
