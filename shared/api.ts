/**
 * The HTTP contract between browser and backend: the same schemas validate, document and type it.
 * Sizes are bytes, timestamps ISO 8601, part numbers count from 1.
 */
import * as z from "zod/mini";
import { ARCHIVES, RESTORE_TIERS } from "./archive.ts";
import { MAX_OBJECT_SIZE_BYTES, MAX_PART_COUNT } from "./limits.ts";
import { isPossibleKey } from "./object-key.ts";

/** Of an object that S3 can hold. */
export const sizeBytes = z.int().check(z.gte(0), z.lte(MAX_OBJECT_SIZE_BYTES));
const partNumber = z.int().check(z.gte(1), z.lte(MAX_PART_COUNT));
const timestamp = z.iso.datetime();
/** A key that S3 can hold. */
export const objectKey = z.string().check(z.refine(isPossibleKey, "no key of 1 to 1,024 bytes"));

/** Most files in one `POST /api/uploads`. */
export const MAX_FILES_PER_REQUEST = 1000;

/** Most part numbers in one `POST /api/uploads/{id}/parts`. */
export const MAX_PARTS_PER_REQUEST = 1000;

/** Where in a query a fault is, both from 1. */
export const Place = z.optional(z.object({ line: z.int(), column: z.int() }));

/** Problem details as every failed request answers them (RFC 9457). */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.optional(z.string()),
    s3Code: z.optional(z.string()),
    /** The parts that are at fault, in order, where it is about parts. */
    partNumbers: z.optional(z.array(z.int())),
    position: Place,
  })
  .register(z.globalRegistry, { id: "Problem" });
export type Problem = z.infer<typeof Problem>;

/** How the name of a file becomes a key. */
export const KeyStrategy = z.enum(["plain", "hash", "reversed-date", "random"]);
export type KeyStrategy = z.infer<typeof KeyStrategy>;

/** What happens when the key is taken. */
export const IfExists = z.enum(["rename", "replace", "fail"]);
export type IfExists = z.infer<typeof IfExists>;

/** Checksum algorithms in S3's names. */
export const ChecksumAlgorithm = z.enum(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"]);
export type ChecksumAlgorithm = z.infer<typeof ChecksumAlgorithm>;

/** A checksum in S3's terms; `value` is base64 as S3 writes it. */
export const Checksum = z
  .object({
    algorithm: ChecksumAlgorithm,
    value: z.string().check(z.maxLength(128)),
  })
  .register(z.globalRegistry, { id: "Checksum" });
export type Checksum = z.infer<typeof Checksum>;

/** `GET /api/config`. */
export const ConfigResponse = z
  .object({
    /** Now, by the server's clock: presigned URLs are judged by it. */
    serverTime: timestamp,
    limits: z.object({
      minPartSizeBytes: sizeBytes,
      maxPartSizeBytes: sizeBytes,
      maxPartCount: z.int(),
      maxObjectSizeBytes: sizeBytes,
      /** Files below this go up in one request. */
      multipartThresholdBytes: sizeBytes,
      maxFilesPerRequest: z.int(),
      maxPartsPerRequest: z.int(),
    }),
    defaults: z.object({
      keyStrategy: KeyStrategy,
      ifExists: IfExists,
      /** Requests to the storage at once, over all files. */
      connections: z.int(),
    }),
    storage: z.object({
      kind: z.enum(["embedded", "s3"]),
      bucket: z.string(),
      /** Origins under which this browser reaches the bucket; signed for the first unless asked. */
      origins: z.array(z.string()),
      /** Origins of the same bucket that are faster from afar and billed for it; often none. */
      acceleratedOrigins: z.array(z.string()),
      /** What those cost beside everything else, in US dollars a GB; `null` where nobody knows. */
      accelerationUsdPerGb: z.nullable(z.number()),
      equalParts: z.boolean(),
      /** The storage keeps `If-None-Match: *` on completion. */
      conditionalWrites: z.boolean(),
      /**
       * What whole objects are checked by. `computed`: the storage makes it of every part and object
       * by itself and says so in its answers. `declared`: it keeps one only where every part brings
       * its own along, signed. `null`: none.
       */
      checksum: z.nullable(
        z.object({ algorithm: ChecksumAlgorithm, mode: z.enum(["computed", "declared"]) }),
      ),
      /** Storage classes that can be asked for; the first is the bucket's own. */
      storageClasses: z.array(z.string()),
    }),
  })
  .register(z.globalRegistry, { id: "Config" });
export type ConfigResponse = z.infer<typeof ConfigResponse>;

/** Origins of the configuration that URLs are wanted for; those that are none of it are left out. */
const wantedOrigins = z.optional(
  z.array(z.string().check(z.maxLength(300))).check(z.maxLength(16)),
);

/** The same request at other origins, signed for each; only where they were asked for. */
const alternates = z.optional(z.array(z.string()));

/** One file that wants to go up. */
export const FileToUpload = z
  .object({
    /** Judged file by file, so that one that cannot become a key does not fail the others. */
    name: z.string().check(z.maxLength(16_384)),
    /** `null` where the length is not known before the end. */
    sizeBytes: z.nullable(z.int().check(z.gte(0))),
    contentType: z.optional(z.string().check(z.maxLength(255))),
    /** Milliseconds since 1970, as `File.lastModified`. */
    lastModified: z.optional(z.int()),
    /** Folder path and name, `/`-separated, as `File.webkitRelativePath`. */
    relativePath: z.optional(z.string().check(z.maxLength(16_384))),
    /** One request for the whole file is wanted, as far as S3 takes it (5 GiB); it cannot be resumed. */
    inOneRequest: z.optional(z.boolean()),
  })
  .register(z.globalRegistry, { id: "FileToUpload" });
export type FileToUpload = z.infer<typeof FileToUpload>;

/** `POST /api/uploads`. */
export const CreateUploadsRequest = z
  .object({
    files: z.array(FileToUpload).check(z.minLength(1), z.maxLength(MAX_FILES_PER_REQUEST)),
    keyStrategy: z.optional(KeyStrategy),
    storageClass: z.optional(z.string().check(z.maxLength(64))),
    metadata: z.optional(z.record(z.string(), z.string())),
    /** Object tags, at most ten. */
    tags: z.optional(z.record(z.string(), z.string())),
    cacheControl: z.optional(z.string().check(z.maxLength(1024))),
    /** What the bytes are wrapped in on the way up; kept with the object. */
    contentEncoding: z.optional(z.enum(["gzip"])),
    origins: wantedOrigins,
    /** An earlier try of this request got no answer: what it may have opened is given back. */
    again: z.optional(z.boolean()),
    ifExists: z.optional(IfExists),
  })
  .register(z.globalRegistry, { id: "CreateUploadsRequest" });
export type CreateUploadsRequest = z.infer<typeof CreateUploadsRequest>;

/** A part and the URL to PUT it to. */
export const SignedPart = z
  .object({
    partNumber,
    url: z.string(),
    alternates,
    /** Signed: the request carries these and no others; left out: none. */
    headers: z.optional(z.record(z.string(), z.string())),
  })
  .register(z.globalRegistry, { id: "SignedPart" });
export type SignedPart = z.infer<typeof SignedPart>;

const SinglePut = z.object({
  id: z.string(),
  key: z.string(),
  method: z.literal("put"),
  url: z.string(),
  alternates,
  /** Signed with the URL: the request carries these and no others. */
  headers: z.record(z.string(), z.string()),
  expiresAt: timestamp,
});

const FormPost = z.object({
  id: z.string(),
  key: z.string(),
  method: z.literal("post"),
  url: z.string(),
  alternates,
  /** Signed; the file comes after them, as `file`. */
  fields: z.record(z.string(), z.string()),
  /** The request carries these too. */
  headers: z.record(z.string(), z.string()),
  /**
   * The one field that may be added, before the file: the checksum of its bytes, which the storage
   * then verifies on arrival. Left out: none may be added.
   */
  checksumField: z.optional(z.string()),
  expiresAt: timestamp,
});

const Multipart = z.object({
  id: z.string(),
  key: z.string(),
  method: z.literal("multipart"),
  /**
   * `equal`: parts of `partSizeBytes`, `partCount` of them. `free`: any sizes within the limits that
   * make up the file in order; who chooses them names them at completion.
   */
  partSizes: z.enum(["equal", "free"]),
  partSizeBytes: sizeBytes,
  partCount: z.nullable(z.int()),
  /** The first window of signed parts: at least one part, fewer the more files one request opens. */
  parts: z.array(SignedPart),
  /** When the URLs of this window end. */
  expiresAt: timestamp,
});

const NotOpened = z.object({ problem: Problem });

/** How one file goes up, or why it cannot. */
export const OpenedUpload = z.union([SinglePut, FormPost, Multipart, NotOpened]);
export type OpenedUpload = z.infer<typeof OpenedUpload>;

/** Answer to `POST /api/uploads`: one entry a file, in order. */
export const CreateUploadsResponse = z
  .object({ uploads: z.array(OpenedUpload) })
  .register(z.globalRegistry, { id: "CreateUploadsResponse" });
export type CreateUploadsResponse = z.infer<typeof CreateUploadsResponse>;

/** `POST /api/uploads/{id}/parts`. */
export const SignPartsRequest = z
  .object({
    partNumbers: z.array(partNumber).check(z.minLength(1), z.maxLength(MAX_PARTS_PER_REQUEST)),
    origins: wantedOrigins,
    /** Of the storage's algorithm, base64; signed: the `headers` of each part carry them. */
    checksums: z.optional(
      z
        .array(z.object({ partNumber, value: z.string().check(z.maxLength(128)) }))
        .check(z.maxLength(MAX_PARTS_PER_REQUEST)),
    ),
  })
  .register(z.globalRegistry, { id: "SignPartsRequest" });
export type SignPartsRequest = z.infer<typeof SignPartsRequest>;

/** Answer to `POST /api/uploads/{id}/parts`. */
export const SignPartsResponse = z
  .object({
    parts: z.array(SignedPart),
    expiresAt: timestamp,
    /** Of an upload by POST, whose part 1 is a form: as when it was opened, signed anew. */
    fields: z.optional(z.record(z.string(), z.string())),
    headers: z.optional(z.record(z.string(), z.string())),
    checksumField: z.optional(z.string()),
  })
  .register(z.globalRegistry, { id: "SignPartsResponse" });
export type SignPartsResponse = z.infer<typeof SignPartsResponse>;

/** Answer to `GET /api/uploads/{id}/parts`: what the storage holds, all pages of it. */
export const ListPartsResponse = z
  .object({
    parts: z.array(
      z.object({ partNumber, sizeBytes, etag: z.string(), checksum: z.optional(Checksum) }),
    ),
    partSizeBytes: sizeBytes,
    state: z.enum(["open", "completed", "gone"]),
    /** What the upload ID states, for whoever was given it by a link. */
    key: z.optional(z.string()),
    sizeBytes: z.optional(z.nullable(sizeBytes)),
    partSizes: z.optional(z.enum(["equal", "free"])),
  })
  .register(z.globalRegistry, { id: "ListPartsResponse" });
export type ListPartsResponse = z.infer<typeof ListPartsResponse>;

/** `POST /api/uploads/{id}/complete`. */
export const CompleteUploadRequest = z
  .object({
    parts: z.optional(
      z
        .array(
          z.object({
            partNumber,
            etag: z.string(),
            /** As they were sent: held against what the storage has before anything is completed. */
            sizeBytes: z.optional(sizeBytes),
            checksum: z.optional(Checksum),
          }),
        )
        .check(z.maxLength(MAX_PART_COUNT)),
    ),
    /** Of the whole file. */
    checksum: z.optional(Checksum),
  })
  .register(z.globalRegistry, { id: "CompleteUploadRequest" });
export type CompleteUploadRequest = z.infer<typeof CompleteUploadRequest>;

/** The receipt: what the storage says that it now holds. */
export const CompleteUploadResponse = z
  .object({
    key: z.string(),
    sizeBytes,
    etag: z.string(),
    checksum: z.optional(Checksum),
    versionId: z.optional(z.string()),
  })
  .register(z.globalRegistry, { id: "CompleteUploadResponse" });
export type CompleteUploadResponse = z.infer<typeof CompleteUploadResponse>;

/** `POST /api/downloads`. */
export const CreateDownloadRequest = z
  .object({ key: objectKey })
  .register(z.globalRegistry, { id: "CreateDownloadRequest" });
export type CreateDownloadRequest = z.infer<typeof CreateDownloadRequest>;

/** Answer to `POST /api/downloads`: signed GET URLs of one object, at least one. */
export const CreateDownloadResponse = z
  .object({
    urls: z.array(z.string()),
    sizeBytes,
    etag: z.string(),
    contentType: z.string(),
    expiresAt: timestamp,
    checksum: z.optional(Checksum),
  })
  .register(z.globalRegistry, { id: "CreateDownloadResponse" });
export type CreateDownloadResponse = z.infer<typeof CreateDownloadResponse>;

/** Most objects and prefixes in one page of `GET /api/objects`. */
export const MAX_OBJECTS_PER_PAGE = 1000;

/** `GET /api/objects`, behind the question mark. */
export const ListObjectsQuery = z.object({
  /** Keys that begin so; left out: all that may be seen. */
  prefix: z.optional(z.string().check(z.maxLength(1024))),
  /** `nextCursor` of the page before. */
  cursor: z.optional(z.string().check(z.maxLength(4096))),
  /** Objects and prefixes in a page; left out: as many as there may be. */
  limit: z.optional(
    z.coerce.number().check(z.multipleOf(1), z.gte(1), z.lte(MAX_OBJECTS_PER_PAGE)),
  ),
  /** Keys that go on with it behind the prefix are rolled up: `/` makes folders. */
  delimiter: z.optional(z.string().check(z.maxLength(64))),
});

/** Answer to `GET /api/objects`: a page, in the order of the keys. */
export const ListObjectsResponse = z
  .object({
    objects: z.array(
      z.object({
        key: z.string(),
        sizeBytes,
        etag: z.string(),
        lastModified: timestamp,
        storageClass: z.string(),
      }),
    ),
    /** What the delimiter rolled up. */
    prefixes: z.array(z.string()),
    /** Where the next page begins; null behind the last. */
    nextCursor: z.nullable(z.string()),
  })
  .register(z.globalRegistry, { id: "ListObjectsResponse" });
export type ListObjectsResponse = z.infer<typeof ListObjectsResponse>;

/** `POST /api/objects/restore`. */
export const RestoreObjectRequest = z
  .object({
    key: objectKey,
    /** How long it can be read; 7 where nothing is said. Objects of INTELLIGENT_TIERING stay. */
    days: z.optional(z.int().check(z.gte(1), z.lte(365))),
    /** `Standard` where nothing is said. */
    tier: z.optional(z.enum(RESTORE_TIERS)),
  })
  .register(z.globalRegistry, { id: "RestoreObjectRequest" });
export type RestoreObjectRequest = z.infer<typeof RestoreObjectRequest>;

/** Answer to `POST /api/objects/restore`. */
export const RestoreObjectResponse = z
  .object({
    /** `restored`: it can be read now, and for so many days more where it is archived. */
    state: z.enum(["restoring", "restored"]),
    /** Where it is archived; left out: nowhere. */
    archive: z.optional(z.enum(ARCHIVES)),
    /** How long S3 takes for it, in words. */
    takes: z.optional(z.string()),
  })
  .register(z.globalRegistry, { id: "RestoreObjectResponse" });
export type RestoreObjectResponse = z.infer<typeof RestoreObjectResponse>;
