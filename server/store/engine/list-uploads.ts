import { requireBucket } from "./buckets.ts";
import type { Tables } from "../catalogue/catalogue.ts";
import { positionAfter, walk, type OrderedRows } from "../catalogue/listing.ts";
import type { UploadRecord } from "../catalogue/records.ts";
import { afterKey, bucketRows, uploadBound, uploadRow } from "../catalogue/row-key.ts";
import type { ListUploadsOptions, UploadInfo, UploadsPage } from "../engine.ts";

/** One page of ListMultipartUploads. @throws NoSuchBucket */
export function listUploads(
  tables: Tables,
  bucket: string,
  options: ListUploadsOptions,
): UploadsPage {
  const { prefix = "", delimiter = "", keyMarker = "", uploadIdMarker = "", maxUploads } = options;
  const { bucketNumber } = requireBucket(tables, bucket);
  const rows = uploadRows(tables, bucketNumber);
  // Within the uploads of one key, or past all of them.
  const position =
    keyMarker !== "" && uploadIdMarker !== ""
      ? afterKey(uploadRow(bucketNumber, Buffer.from(keyMarker), uploadIdMarker))
      : positionAfter(rows, keyMarker, prefix, delimiter);
  const page = walk(rows, { prefix, delimiter, position, limit: maxUploads });
  const lastUpload = page.rows.at(-1)?.value;
  return {
    uploads: page.rows.map(({ value }) => uploadInfo(value)),
    prefixes: page.prefixes,
    isTruncated: page.isTruncated,
    ...(page.isTruncated && page.last !== undefined && { nextKeyMarker: page.last }),
    ...(page.isTruncated &&
      lastUpload &&
      lastUpload.key === page.last && { nextUploadIdMarker: lastUpload.uploadId }),
  };
}

/** An upload's record as the engine gives it out. */
export function uploadInfo(upload: UploadRecord): UploadInfo {
  const { attributes, ...info } = upload;
  return { ...info, storageClass: attributes.storageClass };
}

function uploadRows(tables: Tables, bucketNumber: number): OrderedRows<UploadRecord> {
  const { end } = bucketRows(bucketNumber);
  return {
    from: (position) =>
      tables.uploads
        .getRange({ start: position, end })
        .map(({ value }) => ({ key: value.key, value })),
    positionOf: (key) => uploadBound(bucketNumber, key),
  };
}
