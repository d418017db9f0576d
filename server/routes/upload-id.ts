import { createHmac, timingSafeEqual } from "node:crypto";
import * as z from "zod/mini";
import { ChecksumAlgorithm } from "../../shared/api.ts";
import { ProblemError } from "../../shared/problem.ts";

/** An upload ID may be used for seven days, as long as S3 is asked to keep its parts; in milliseconds. */
export const UPLOAD_ID_LIFE_MS = 7 * 24 * 60 * 60 * 1000;

const Statement = z.object({
  bucket: z.string(),
  key: z.string(),
  /** Of the identity that opened the upload. */
  owner: z.string(),
  /** Completion has to fail where the key is taken. */
  ifAbsent: z.boolean(),
  /** What the object is stored as; IDs of before it was stated say nothing. */
  contentType: z.optional(z.string()),
  /** The object carries it too, which tells it from every other of the same key. */
  tag: z.string(),
  issuedAtMs: z.int(),
  how: z.discriminatedUnion("method", [
    z.object({
      method: z.literal("put"),
      sizeBytes: z.int(),
      /** Signed with the URL. */
      headers: z.record(z.string(), z.string()),
      /** Of this algorithm the storage takes the checksum of the bytes along. */
      checksum: z._default(z.nullable(ChecksumAlgorithm), null),
    }),
    z.object({
      method: z.literal("post"),
      sizeBytes: z.int(),
      /** Of the form, beside key and signature. */
      fields: z.record(z.string(), z.string()),
      headers: z.record(z.string(), z.string()),
      checksumField: z.optional(z.string()),
    }),
    z.object({
      method: z.literal("multipart"),
      uploadId: z.string(),
      sizeBytes: z.nullable(z.int()),
      // IDs of before there were others say nothing.
      partSizes: z._default(z.enum(["equal", "free"]), "equal"),
      /** Of equal parts; of free ones a proposal. */
      partSizeBytes: z.int(),
      /** `null` where the size is not known, and of free parts. */
      partCount: z.nullable(z.int()),
      /** The algorithm by which every part brings its checksum along. */
      declared: z._default(z.nullable(ChecksumAlgorithm), null),
      /** Largest object that the grant allows, for a size that is not known; in bytes. */
      maxBytes: z.nullable(z.int()),
      /** As its uploader named it; `lastModified` in milliseconds since 1970. */
      file: z.optional(z.object({ name: z.string(), lastModified: z.optional(z.int()) })),
    }),
  ]),
});

/** A statement before an ID is issued for it, as the register keeps it. */
export const IssuedStatement = z.omit(Statement, { issuedAtMs: true });
export type IssuedStatement = z.infer<typeof IssuedStatement>;

/** What an upload ID states; nothing else about an upload is remembered. */
export type UploadStatement = z.infer<typeof Statement>;

/** How a file of this upload goes up. */
export type UploadMethod = UploadStatement["how"];

/** How a file goes up in parts. */
interface InParts {
  readonly how: Extract<UploadMethod, { method: "multipart" }>;
}

/** A multipart upload's statement. */
export type MultipartStatement = UploadStatement & InParts;

/** The upload ID in a path, as `POST /api/uploads` issued it. */
export const UploadParameters = z.object({
  id: z.string().check(z.minLength(1), z.maxLength(12_288)),
});

/** Whether the statement is about a multipart upload. */
export function isMultipart<S extends IssuedStatement>(statement: S): statement is S & InParts {
  return statement.how.method === "multipart";
}

/** Writes and reads upload IDs. */
export interface UploadIds {
  issue(statement: IssuedStatement): string;
  /**
   * @param owner of the upload; `null`: whoever it is
   * @throws ProblemError `id-invalid`, `id-expired`, `not-yours`
   */
  open(id: string, owner: string | null): UploadStatement;
}

/**
 * Upload IDs are the statement in base64url and a MAC over it, joined by a dot.
 * @param key of 32 bytes, used for nothing else
 * @param bucket statements about other buckets are refused
 */
export function createUploadIds(
  key: Buffer,
  bucket: string,
  now: () => number = Date.now,
): UploadIds {
  const macOf = (payload: string) => createHmac("sha256", key).update(payload).digest();
  return {
    issue(statement) {
      const text = JSON.stringify({ ...statement, issuedAtMs: now() });
      const payload = Buffer.from(text).toString("base64url");
      return `${payload}.${macOf(payload).toString("base64url")}`;
    },
    open(id, owner) {
      const [payload = "", mac = "", ...more] = id.split(".");
      const given = Buffer.from(mac, "base64url");
      const made = macOf(payload);
      if (more.length > 0 || given.length !== made.length || !timingSafeEqual(given, made)) {
        throw invalid();
      }
      const statement = decode(payload);
      if (statement.bucket !== bucket) throw invalid();
      if (now() > statement.issuedAtMs + UPLOAD_ID_LIFE_MS) {
        throw new ProblemError("id-expired", "An upload can be continued for seven days.");
      }
      if (owner !== null && statement.owner !== owner) {
        throw new ProblemError("not-yours", "Only who opened an upload can continue it.");
      }
      return statement;
    },
  };
}

function decode(payload: string): UploadStatement {
  const decoded = z.safeParse(
    Statement,
    JSON.parse(Buffer.from(payload, "base64url").toString("utf8")),
  );
  // Signed by us, but by a version that stated something else.
  if (!decoded.success) throw invalid();
  return decoded.data;
}

function invalid(): ProblemError {
  return new ProblemError("id-invalid", "This is no upload ID of this server.");
}
