/**
 * Binary keys of the catalogue's rows. LMDB compares them byte by byte, which is S3's order of listing.
 */
import { MAX_KEY_BYTES } from "../../../shared/limits.ts";
import { S3Error } from "../s3-error.ts";

/** Where a key, or what may come right before or after one, stands in the order of keys. */
export type KeyBytes = Uint8Array;

/** UTF-8 of a key. @throws KeyTooLongError above 1,024 bytes, InvalidArgument for none */
export function keyBytes(key: string): Buffer {
  const bytes = Buffer.from(key, "utf8");
  if (bytes.length > MAX_KEY_BYTES) {
    const fields = { Size: String(bytes.length), MaxSizeAllowed: String(MAX_KEY_BYTES) };
    throw new S3Error("KeyTooLongError", { fields });
  }
  if (bytes.length === 0) throw new S3Error("InvalidArgument", { message: "The key is empty" });
  return bytes;
}

/** The first position after all keys that begin with `prefix`, which is not empty. UTF-8 has no byte 0xff. */
export function afterPrefix(prefix: KeyBytes): Buffer {
  const bound = Buffer.from(prefix);
  const last = bound.length - 1;
  bound[last] = (bound[last] ?? 0) + 1;
  return bound;
}

/** The first position after `key`. */
export function afterKey(key: KeyBytes): Buffer {
  return Buffer.concat([key, Buffer.of(0)]);
}

/** Row of an object, or the place in the table of objects where `key` would be. */
export function objectRow(bucketNumber: number, key: KeyBytes): Buffer {
  const row = Buffer.alloc(4 + key.length);
  row.writeUInt32BE(bucketNumber);
  row.set(key, 4);
  return row;
}

/** The key in a row of an object. */
export function keyOfObjectRow(row: Uint8Array): string {
  return Buffer.from(row.buffer, row.byteOffset + 4, row.byteLength - 4).toString("utf8");
}

/** Row of an upload: bucket, key, upload ID, ordered in this order. */
export function uploadRow(bucketNumber: number, key: KeyBytes, uploadId: string): Buffer {
  return Buffer.concat([uploadBound(bucketNumber, key), Buffer.of(0), Buffer.from(uploadId)]);
}

/**
 * The place in the table of uploads before all uploads of `key`. Each byte becomes a 1 and its eight
 * bits, and the end a 0: so `a` with any upload ID sorts before `a\0`, and 1,024 bytes still fit
 * into LMDB's 1,978, which escaping NULs by doubling would not.
 */
export function uploadBound(bucketNumber: number, key: KeyBytes): Buffer {
  const bound = Buffer.alloc(4 + Math.ceil((key.length * 9) / 8));
  bound.writeUInt32BE(bucketNumber);
  let bit = 32;
  for (const byte of key) {
    const shifted = (0x100 | byte) << (7 - (bit & 7));
    const index = bit >> 3;
    bound[index] = (bound[index] ?? 0) | (shifted >> 8);
    bound[index + 1] = shifted & 0xff;
    bit += 9;
  }
  return bound;
}

/** Row of a part. */
export function partRow(uploadId: string, partNumber: number): Buffer {
  const row = Buffer.alloc(uploadId.length + 2);
  row.write(uploadId, "latin1");
  row.writeUInt16BE(partNumber, uploadId.length);
  return row;
}

/** The part number in a row of a part. */
export function partNumberOfRow(row: Uint8Array): number {
  return ((row[row.length - 2] ?? 0) << 8) | (row[row.length - 1] ?? 0);
}

/** The rows of one bucket, in the tables of objects and uploads. */
export function bucketRows(bucketNumber: number): { start: Buffer; end: Buffer } {
  return { start: objectRow(bucketNumber, NONE), end: objectRow(bucketNumber + 1, NONE) };
}

/** Row of a content or a manifest. */
export function idRow(id: string): Buffer {
  return Buffer.from(id, "hex");
}

const NONE = new Uint8Array();
