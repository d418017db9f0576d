/**
 * Conditional requests.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-precedence-of-preconditions
 */
import type { ReadConditions, WriteConditions } from "../engine.ts";
import { S3Error } from "../s3-error.ts";
import type { HeaderFields } from "./headers.ts";

/** What conditions are held against. */
export interface Validators {
  /** Without quotes. */
  readonly etag: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
}

/** What a conditional read ends in. */
export type ReadOutcome = "proceed" | "not-modified";

/** Decodes the conditions of a read; `prefix` is `x-amz-copy-source-` for the source of a copy. */
export function readConditions(headers: HeaderFields, prefix = ""): ReadConditions {
  const etags = (name: string): readonly string[] | undefined => {
    const value = headers.get(prefix + name);
    return value === undefined ? undefined : parseEtags(value);
  };
  const ifMatch = etags("if-match");
  const ifNoneMatch = etags("if-none-match");
  const ifModifiedSince = parseHttpDate(headers.get(`${prefix}if-modified-since`));
  const ifUnmodifiedSince = parseHttpDate(headers.get(`${prefix}if-unmodified-since`));
  return {
    ...(ifMatch && { ifMatch }),
    ...(ifNoneMatch && { ifNoneMatch }),
    ...(ifModifiedSince !== undefined && { ifModifiedSince }),
    ...(ifUnmodifiedSince !== undefined && { ifUnmodifiedSince }),
  };
}

/**
 * Holds conditions of a GET or HEAD against an object, in the order of RFC 9110.
 * @throws PreconditionFailed
 */
export function evaluateRead(conditions: ReadConditions, object: Validators): ReadOutcome {
  const modifiedAt = Math.floor(object.lastModified / 1000) * 1000;
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch) {
    if (!matches(ifMatch, object.etag)) throw failed("If-Match");
  } else if (ifUnmodifiedSince !== undefined && modifiedAt > ifUnmodifiedSince) {
    throw failed("If-Unmodified-Since");
  }
  if (ifNoneMatch) return matches(ifNoneMatch, object.etag) ? "not-modified" : "proceed";
  const isUnmodified = ifModifiedSince !== undefined && modifiedAt <= ifModifiedSince;
  return isUnmodified ? "not-modified" : "proceed";
}

/**
 * Whether `If-Range` lets a `Range` count: absent, the object's ETag, or its very date.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-if-range
 */
export function rangeApplies(ifRange: string | undefined, object: Validators): boolean {
  if (ifRange === undefined) return true;
  const date = /^(W\/)?"/.test(ifRange) ? undefined : parseHttpDate(ifRange);
  if (date === undefined) return !ifRange.startsWith("W/") && unquoteEtag(ifRange) === object.etag;
  return date === Math.floor(object.lastModified / 1000) * 1000;
}

/**
 * Decodes the conditions of a write.
 * @throws NotImplemented for `If-None-Match` with anything but `*`, as S3 does
 */
export function writeConditions(headers: HeaderFields): WriteConditions {
  const ifMatch = headers.get("if-match");
  const ifNoneMatch = headers.get("if-none-match")?.trim();
  if (ifNoneMatch !== undefined && ifNoneMatch !== "*") {
    throw new S3Error("NotImplemented", { fields: { Header: "If-None-Match" } });
  }
  return {
    ...(ifMatch !== undefined && { ifMatch: unquoteEtag(ifMatch) }),
    ...(ifNoneMatch !== undefined && { ifNoneMatch }),
  };
}

/** An ETag without its quotes. */
export function unquoteEtag(etag: string): string {
  return etag.trim().replace(/^"(.*)"$/, "$1");
}

function parseEtags(header: string): readonly string[] {
  return header.split(",").map((etag) => unquoteEtag(etag.trim().replace(/^W\//, "")));
}

// An invalid date is ignored, as RFC 9110 demands.
function parseHttpDate(header: string | undefined): number | undefined {
  const ms = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(ms) ? undefined : ms;
}

function matches(etags: readonly string[], etag: string): boolean {
  return etags.includes("*") || etags.includes(etag);
}

function failed(condition: string): S3Error {
  return new S3Error("PreconditionFailed", { fields: { Condition: condition } });
}
