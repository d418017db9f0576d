/**
 * `Range` of one range of bytes.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-range
 */
import type { ByteRange } from "../../../shared/byte-range.ts";
import { S3Error } from "../s3-error.ts";

/**
 * The bytes that a `Range` header asks of `sizeBytes`; `undefined` where the header is to be ignored:
 * malformed, another unit, or several ranges, which S3 does not serve.
 * @throws InvalidRange where none of the bytes exist
 */
export function parseRange(header: string, sizeBytes: number): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  const range = first === "" ? suffix(Number(last), sizeBytes) : from(first, last, sizeBytes);
  if (range && range.start >= range.end) throw unsatisfiable(header, sizeBytes);
  return range;
}

/**
 * The bytes of `x-amz-copy-source-range`, which must name both ends.
 * @throws InvalidArgument where it is malformed
 */
export function parseCopyRange(header: string): ByteRange {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header.trim()) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last)) {
    throw new S3Error("InvalidArgument", {
      message:
        "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
      fields: { ArgumentName: "x-amz-copy-source-range", ArgumentValue: header },
    });
  }
  return { start: Number(first), end: Number(last) + 1 };
}

/** `Content-Range` of a range within an object. */
export function contentRange(range: ByteRange, sizeBytes: number): string {
  return `bytes ${range.start}-${range.end - 1}/${sizeBytes}`;
}

function suffix(lengthBytes: number, sizeBytes: number): ByteRange {
  return { start: Math.max(0, sizeBytes - lengthBytes), end: sizeBytes };
}

function from(first: string, last: string, sizeBytes: number): ByteRange | undefined {
  const start = Number(first);
  if (last === "") return { start, end: sizeBytes };
  // An end before the start makes the header malformed, not unsatisfiable.
  if (Number(last) < start) return undefined;
  return { start, end: Math.min(Number(last) + 1, sizeBytes) };
}

function unsatisfiable(header: string, sizeBytes: number): S3Error {
  return new S3Error("InvalidRange", {
    fields: { RangeRequested: header, ActualObjectSize: String(sizeBytes) },
  });
}
