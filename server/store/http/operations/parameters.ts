import { MAX_PAGE_SIZE } from "../../../../shared/limits.ts";
import { S3Error } from "../../s3-error.ts";
import { percentDecode, percentEncodePath } from "../percent-encoding.ts";
import type { Query } from "../query.ts";

/**
 * The size of a page, 0 to 1,000.
 * @throws InvalidArgument where it is no whole number of 0 or more
 */
export function pageSize(query: Query, name: string): number {
  return Math.min(wholeNumber(query, name) ?? MAX_PAGE_SIZE, MAX_PAGE_SIZE);
}

/** A whole number of 0 or more. @throws InvalidArgument where it is none */
export function wholeNumber(query: Query, name: string): number | undefined {
  const text = query.get(name);
  if (text === undefined || text === "") return undefined;
  const number = Number(text);
  if (/^\d{1,10}$/.test(text) && number <= 0x7fffffff) return number;
  throw invalidArgument(name, text, `Provided ${name} not an integer or within integer range`);
}

/** How keys are written in a listing: as they are, or percent-encoded. @throws InvalidArgument */
export function keyWriter(query: Query): (text: string) => string {
  const encoding = query.get("encoding-type");
  if (encoding === undefined || encoding === "") return (text) => text;
  if (encoding === "url") return percentEncodePath;
  throw invalidArgument("encoding-type", encoding, "Invalid Encoding Method specified in Request");
}

/** An opaque token that says where the next page of a listing starts. */
export function writeContinuationToken(startAfter: string): string {
  return Buffer.from(`1${startAfter}`).toString("base64url");
}

/** @throws InvalidArgument for a token that was not made by `writeContinuationToken` */
export function readContinuationToken(token: string): string {
  const decoded = Buffer.from(token, "base64url").toString();
  if (decoded.startsWith("1") && writeContinuationToken(decoded.slice(1)) === token) {
    return decoded.slice(1);
  }
  const message = "The continuation token provided is incorrect";
  throw invalidArgument("continuation-token", token, message);
}

/**
 * Decodes `x-amz-copy-source`.
 * @throws InvalidArgument where it names no object, NoSuchVersion for a version
 */
export function parseCopySource(header: string): { readonly bucket: string; readonly key: string } {
  const [path = "", version] = header.split("?versionId=");
  if (version !== undefined && version !== "null") throw new S3Error("NoSuchVersion");
  const source = decodeSource(path).replace(/^\//, "");
  const slash = source.indexOf("/");
  if (slash < 1 || slash === source.length - 1) {
    const message = "Copy Source must mention the source bucket and key: sourcebucket/sourcekey";
    throw invalidArgument("x-amz-copy-source", header, message);
  }
  return { bucket: source.slice(0, slash), key: source.slice(slash + 1) };
}

function decodeSource(path: string): string {
  try {
    // Header values arrive as text; percentDecode takes the bytes of a URL.
    return percentDecode(Buffer.from(path).toString("latin1"));
  } catch (cause) {
    throw new S3Error("InvalidArgument", {
      fields: { ArgumentName: "x-amz-copy-source", ArgumentValue: path },
      cause,
    });
  }
}

/** InvalidArgument with the fields that S3 gives it. */
export function invalidArgument(name: string, value: string, message: string): S3Error {
  return new S3Error("InvalidArgument", {
    message,
    fields: { ArgumentName: name, ArgumentValue: value },
  });
}
