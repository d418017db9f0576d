import { MAX_KEY_BYTES } from "../../../shared/limits.ts";
import type { Body, BodyOptions } from "../engine.ts";
import { S3Error } from "../s3-error.ts";
import type { HeaderFields } from "./headers.ts";
import { percentDecode } from "./percent-encoding.ts";
import { parseQuery, type Query } from "./query.ts";

/** What a URL in path style names. */
export interface RequestTarget {
  /** Decoded, with its leading slash, as signatures cover it. */
  readonly path: string;
  /** Absent: the service itself. */
  readonly bucket: string | undefined;
  /** Absent: the bucket itself. */
  readonly key: string | undefined;
  readonly query: Query;
}

/** A body that was announced and not read yet; whoever reads it asks the client to send it. */
export interface RequestBody {
  /** The bytes of an object or part, with what vouches for them. @throws MissingContentLength, EntityTooLarge */
  forObject(maxSizeBytes: number): { readonly body: Body; readonly options: BodyOptions };
  /** A document of at most `maxSizeBytes`, checked against its digests. @throws MaxMessageLengthExceeded, BadDigest */
  text(maxSizeBytes: number): Promise<string>;
  /** As `text`, where `x-amz-checksum-*` speaks of an object and not of the document. */
  textAboutObject(maxSizeBytes: number): Promise<string>;
}

/** A request whose signature holds. */
export interface S3Request extends RequestTarget {
  readonly method: string;
  /** With the `x-amz-*` fields that a presigned URL carries in its query. */
  readonly headers: HeaderFields;
  readonly body: RequestBody;
  readonly accessKeyId: string;
  /** Ends when the client has gone. */
  readonly signal: AbortSignal;
}

/**
 * Decodes the request target of an HTTP request.
 * @throws InvalidURI; KeyTooLongError above 1,024 bytes of UTF-8
 */
export function parseTarget(url: string): RequestTarget {
  // Proxies are sent the absolute form, which RFC 9112 has every server accept.
  const relative = url.replace(/^https?:\/\/[^/?#]*/i, "");
  const mark = relative.indexOf("?");
  const rawPath = (mark < 0 ? relative : relative.slice(0, mark)) || "/";
  if (!rawPath.startsWith("/")) throw new S3Error("InvalidURI");
  const path = percentDecode(rawPath);
  const slash = path.indexOf("/", 1);
  const bucket = path.slice(1, slash < 0 ? undefined : slash);
  const key = slash < 0 ? "" : path.slice(slash + 1);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new S3Error("KeyTooLongError", {
      fields: { Size: String(Buffer.byteLength(key)), MaxSizeAllowed: String(MAX_KEY_BYTES) },
    });
  }
  return {
    path,
    bucket: bucket === "" ? undefined : bucket,
    key: key === "" ? undefined : key,
    query: parseQuery(mark < 0 ? "" : relative.slice(mark + 1)),
  };
}

/** Header fields with the `x-amz-*` parameters that presigners move into the query. */
export function hoistQuery(headers: HeaderFields, query: Query): HeaderFields {
  const hoisted = query.pairs.filter(
    ([name]) => /^x-amz-/i.test(name) && !SIGNATURE_PARAMETERS.has(name) && name !== "x-amz-id-2",
  );
  if (hoisted.length === 0) return headers;
  const fields = new Map(hoisted.map(([name, value]) => [name.toLowerCase(), value]));
  return new Map([...fields, ...headers]);
}

const SIGNATURE_PARAMETERS = new Set([
  "X-Amz-Algorithm",
  "X-Amz-Credential",
  "X-Amz-Date",
  "X-Amz-Expires",
  "X-Amz-SignedHeaders",
  "X-Amz-Signature",
  "X-Amz-Security-Token",
  "X-Amz-Content-Sha256",
]);
