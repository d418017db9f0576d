import { checkObjectTags, storedAttributes } from "./attributes.ts";
import { requireBucket } from "./buckets.ts";
import { positionAfter, walk, type OrderedRows } from "../catalogue/listing.ts";
import type { Tables } from "../catalogue/catalogue.ts";
import { putObject, removeObject, type Released } from "../catalogue/ownership.ts";
import type { ObjectRecord } from "../catalogue/records.ts";
import { bucketRows, keyBytes, keyOfObjectRow, objectRow } from "../catalogue/row-key.ts";
import { checkWrite } from "./conditions.ts";
import type { EngineContext } from "./context.ts";
import { copyObject } from "./copy-object.ts";
import type { Body, ListOptions, ListPage, ObjectInfo, Objects, PutOptions } from "../engine.ts";
import { listedObject, objectInfo, objectInfoAt } from "./object-info.ts";
import { openObject } from "./open-object.ts";
import { releaseAll } from "./release.ts";
import { requireObject } from "./require-object.ts";
import { requireReadable, restoreObject } from "./restore.ts";
import { MAX_SINGLE_PUT_BYTES } from "../../../shared/limits.ts";
import { withVerifiedBody, type VerifiedBody } from "./verified-body.ts";

/** Objects on top of catalogue and content. */
export function createObjects(context: EngineContext): Objects {
  const { catalogue, files, now } = context;
  const { tables } = catalogue;
  return {
    put: (bucket, key, body, options) => put(context, bucket, key, body, options),
    async head(bucket, key) {
      const { record, rules } = requireObject(tables, bucket, key);
      return objectInfoAt(key, record, rules, now());
    },
    async open(bucket, key, purpose = "read") {
      const { record, rules } = requireObject(tables, bucket, key);
      if (purpose === "read") requireReadable(record, now());
      return openObject(context, record, objectInfoAt(key, record, rules, now()));
    },
    restore: (bucket, key, options) => restoreObject(context, bucket, key, options),
    copy: (source, bucket, key, options) => copyObject(context, source, bucket, key, options),
    async delete(bucket, key, conditions) {
      const released = await catalogue.write(() => {
        const row = rowOf(tables, bucket, key);
        const existing = tables.objects.get(row);
        if (existing) checkWrite(existing, conditions, "before");
        return removeObject(tables, row);
      }, "release");
      releaseAll(files, released);
    },
    async deleteMany(bucket, keys) {
      const released = await catalogue.write(
        () => keys.flatMap((key) => removeObject(tables, rowOf(tables, bucket, key))),
        "release",
      );
      releaseAll(files, released);
    },
    async list(bucket, options) {
      return list(tables, bucket, options);
    },
    async getTags(bucket, key) {
      return requireObject(tables, bucket, key).record.tags;
    },
    async putTags(bucket, key, tags) {
      checkObjectTags(tags);
      await catalogue.write(() => {
        const { record } = requireObject(tables, bucket, key);
        tables.objects.putSync(rowOf(tables, bucket, key), { ...record, tags });
      });
    },
  };
}

async function put(
  context: EngineContext,
  bucket: string,
  key: string,
  body: Body,
  options: PutOptions,
): Promise<ObjectInfo> {
  const { tables } = context.catalogue;
  const attributes = storedAttributes(options.attributes);
  checkWrite(tables.objects.get(rowOf(tables, bucket, key)), options.conditions, "before");
  const bounded = { ...options, maxSizeBytes: MAX_SINGLE_PUT_BYTES };
  return withVerifiedBody(context, body, bounded, async (verified) => {
    const record = { ...attributes, ...contentOf(verified), lastModified: context.now() };
    await commitObject(context, bucket, key, record, options.conditions);
    return objectInfo(key, record);
  });
}

/** Makes the catalogue name a new object, if its conditions still hold. */
async function commitObject(
  { catalogue, files }: EngineContext,
  bucket: string,
  key: string,
  record: ObjectRecord,
  conditions: PutOptions["conditions"],
): Promise<void> {
  const { tables } = catalogue;
  const released = await catalogue.write((): Released[] => {
    const row = rowOf(tables, bucket, key);
    checkWrite(tables.objects.get(row), conditions, "commit");
    return putObject(tables, row, record);
  });
  releaseAll(files, released);
}

function contentOf({
  contentId,
  sizeBytes,
  etag,
  checksum,
}: VerifiedBody): Pick<ObjectRecord, "contentId" | "sizeBytes" | "etag" | "checksum"> {
  return { contentId, sizeBytes, etag, checksum: { ...checksum, type: "FULL_OBJECT" } };
}

function rowOf(tables: Tables, bucket: string, key: string): Buffer {
  return objectRow(requireBucket(tables, bucket).bucketNumber, keyBytes(key));
}

function list(tables: Tables, bucket: string, options: ListOptions): ListPage {
  const { prefix = "", delimiter = "", startAfter = "", maxKeys } = options;
  const rows = objectRows(tables, requireBucket(tables, bucket).bucketNumber);
  const position = positionAfter(rows, startAfter, prefix, delimiter);
  const page = walk(rows, { prefix, delimiter, position, limit: maxKeys });
  return {
    objects: page.rows.map(({ key, value }) => listedObject(key, value)),
    prefixes: page.prefixes,
    isTruncated: page.isTruncated,
    ...(page.isTruncated && page.last !== undefined && { nextStartAfter: page.last }),
  };
}

function objectRows(tables: Tables, bucketNumber: number): OrderedRows<ObjectRecord> {
  const { end } = bucketRows(bucketNumber);
  return {
    from: (position) =>
      tables.objects
        .getRange({ start: position, end })
        .map(({ key, value }) => ({ key: keyOfObjectRow(key), value })),
    positionOf: (key) => objectRow(bucketNumber, key),
  };
}
