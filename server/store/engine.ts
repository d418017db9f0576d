/**
 * The store below HTTP: what the S3 operations are made of. Plain data in and out, S3Error on failure.
 * Times are milliseconds since 1970, sizes bytes, part numbers from 1, ETags bare hex without quotes,
 * checksum values base64 as S3 writes them, keys JavaScript strings without lone surrogates.
 */
import type { Readable } from "node:stream";
import type { ByteRange } from "../../shared/byte-range.ts";

/** Checksum algorithms of S3. */
export type ChecksumAlgorithm = "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256";

/** Over all bytes of the object, or over the digests of its parts. */
export type ChecksumType = "FULL_OBJECT" | "COMPOSITE";

/** A stored checksum; a composite value ends in `-N`. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
  readonly value: string;
}

/** Header fields that S3 keeps with an object and plays back verbatim. */
export interface ObjectHeaders {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly expires?: string;
  readonly websiteRedirectLocation?: string;
}

/** Tags of an object or a bucket. */
export type Tags = Readonly<Record<string, string>>;

/** What a client says about an object beside its bytes. */
export interface ObjectAttributes {
  readonly headers?: ObjectHeaders;
  /** User metadata, names in lower case without `x-amz-meta-`; at most 2 KiB in all (MetadataTooLarge). */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Recorded and given back; default STANDARD (InvalidStorageClass). */
  readonly storageClass?: string;
  /** At most 10, keys to 128 and values to 256 characters (InvalidTag). */
  readonly tags?: Tags;
}

/** One object as it stands. */
export interface ObjectInfo {
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly lastModified: number;
  readonly storageClass: string;
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Tags;
  readonly checksum?: Checksum;
  /** Present where the object came from a multipart upload. */
  readonly partCount?: number;
  /** When a lifecycle rule will delete it; only from `head` and `open`. */
  readonly expiration?: { readonly at: number; readonly ruleId: string };
  /** Of an archived object for which a copy was asked for; only from `head` and `open`. */
  readonly restore?:
    { readonly isOngoing: true } | { readonly isOngoing: false; readonly expiresAt: number };
}

/**
 * Bytes as they arrive; the engine takes the next piece only when it has room. Pieces belong to the engine
 * until the operation settles. When it gives up half-way it calls the iterator's `return`, which
 * destroys a Node stream: give it `stream.iterator({ destroyOnReturn: false })` where an answer must still go out.
 */
export type Body = AsyncIterable<Uint8Array>;

/** What is known about a body before it arrives, or right after. */
export interface BodyOptions {
  /** Decoded length; the body must have exactly this many bytes (IncompleteBody). Unknown: leave out. */
  readonly sizeBytes?: number;
  /** Base64 of `Content-MD5` (InvalidDigest where malformed, BadDigest where different). */
  readonly contentMd5?: string;
  /** Hex of `x-amz-content-sha256`, where it is a hash (XAmzContentSHA256Mismatch). */
  readonly payloadSha256?: string;
  /** Computed and stored. `expected` is awaited after the last byte, for it may stand in a trailer (BadDigest). */
  readonly checksum?: {
    readonly algorithm: ChecksumAlgorithm;
    readonly expected?: string | (() => string | undefined | Promise<string | undefined>);
  };
  readonly signal?: AbortSignal;
}

/** Conditions of a write (PreconditionFailed; NoSuchKey for If-Match on nothing; ConditionalRequestConflict). */
export interface WriteConditions {
  /** ETag without quotes, or `*`. */
  readonly ifMatch?: string;
  /** S3 knows only `*` here. */
  readonly ifNoneMatch?: "*";
}

/** Options of `objects.put`. */
export interface PutOptions extends BodyOptions {
  readonly attributes?: ObjectAttributes;
  readonly conditions?: WriteConditions;
}

/** Conditions on the source of a copy (PreconditionFailed). Times have a resolution of a second. */
export interface ReadConditions {
  readonly ifMatch?: readonly string[];
  readonly ifNoneMatch?: readonly string[];
  readonly ifModifiedSince?: number;
  readonly ifUnmodifiedSince?: number;
}

/** Where a copy comes from. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly conditions?: ReadConditions;
}

/** Options of `objects.copy`. */
export interface CopyOptions {
  /** REPLACE: headers and metadata as given; absent: those of the source. */
  readonly headers?: ObjectHeaders;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly replaceMetadata: boolean;
  /** Present: REPLACE; absent: the source's. */
  readonly tags?: Tags;
  readonly storageClass?: string;
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  readonly conditions?: WriteConditions;
  readonly signal?: AbortSignal;
}

/** An object held open: neither deletion nor overwriting takes its bytes away until it is closed. */
export interface OpenedObject {
  readonly info: ObjectInfo;
  /** Where part `partNumber` lies; an object put in one piece has part 1 alone; `undefined`: no such part. */
  partRange(partNumber: number): ByteRange | undefined;
  /** Size and checksum of each part, in order; empty for an object put in one piece. */
  parts(): readonly { partNumber: number; sizeBytes: number; checksum?: string }[];
  /** The bytes of `range` (within the object; default all). Closes the object when it ends or is destroyed. */
  read(range?: ByteRange, signal?: AbortSignal): Readable;
  /**
   * Hands the bytes of `range` to `take`, each piece its own only until it resolves: cheaper than `read`.
   * Closes the object when it is over, one way or the other.
   */
  pump(
    take: (bytes: Uint8Array) => Promise<void>,
    range?: ByteRange,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Lets go; harmless when repeated or after `read`. */
  close(): void;
}

/** A page of a listing is asked for with these. */
export interface ListOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
  /** Exclusive: a key, or a common prefix, which then is skipped as a whole. */
  readonly startAfter?: string;
  /** 0 to 1,000. */
  readonly maxKeys: number;
}

/** An object in a listing. */
export type ListedObject = Pick<
  ObjectInfo,
  "key" | "sizeBytes" | "etag" | "lastModified" | "storageClass" | "checksum"
>;

/** One page of a listing, in order of UTF-8 bytes. */
export interface ListPage {
  readonly objects: readonly ListedObject[];
  readonly prefixes: readonly string[];
  readonly isTruncated: boolean;
  /** `startAfter` of the next page: the last key or common prefix of this one. */
  readonly nextStartAfter?: string;
}

/** A multipart upload that is neither completed nor aborted. */
export interface UploadInfo {
  readonly key: string;
  readonly uploadId: string;
  readonly initiatedAt: number;
  readonly storageClass: string;
  readonly initiator?: string;
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  readonly checksumType?: ChecksumType;
  /** When a lifecycle rule will abort it; only from `info` and `listParts`. */
  readonly abort?: { readonly at: number; readonly ruleId: string };
}

/** Options of `uploads.create`. */
export interface CreateUploadOptions {
  readonly attributes?: ObjectAttributes;
  /** Obliges every part to carry this checksum (InvalidRequest). */
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  /** Default COMPOSITE, for CRC64NVME FULL_OBJECT; SHA-1 and SHA-256 are never FULL_OBJECT (InvalidRequest). */
  readonly checksumType?: ChecksumType;
  /** Access key ID that asked for it. */
  readonly initiator?: string;
}

/** One uploaded part. */
export interface PartInfo {
  readonly partNumber: number;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly lastModified: number;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/** A page of ListParts. */
export interface PartsPage {
  readonly upload: UploadInfo;
  readonly parts: readonly PartInfo[];
  readonly isTruncated: boolean;
  readonly nextPartNumberMarker?: number;
}

/** A page of ListMultipartUploads is asked for with these. */
export interface ListUploadsOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly keyMarker?: string;
  /** Only together with `keyMarker`: uploads of that key after this ID. */
  readonly uploadIdMarker?: string;
  /** 0 to 1,000. */
  readonly maxUploads: number;
}

/** A page of ListMultipartUploads, ordered by key, then by initiation. */
export interface UploadsPage {
  readonly uploads: readonly UploadInfo[];
  readonly prefixes: readonly string[];
  readonly isTruncated: boolean;
  readonly nextKeyMarker?: string;
  readonly nextUploadIdMarker?: string;
}

/** A part as CompleteMultipartUpload names it; a checksum, where given, must be the part's. */
export interface CompletedPart {
  readonly partNumber: number;
  /** Without quotes. */
  readonly etag: string;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/** What CompleteMultipartUpload asks for. */
export interface CompleteOptions {
  readonly parts: readonly CompletedPart[];
  /** The whole object's checksum as the client computed it (BadDigest). */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
  readonly checksumType?: ChecksumType;
  /** `x-amz-mp-object-size` (InvalidRequest). */
  readonly sizeBytes?: number;
  readonly conditions?: WriteConditions;
}

/** A bucket. */
export interface BucketInfo {
  readonly name: string;
  readonly createdAt: number;
}

/** One rule of a bucket's CORS configuration. */
export interface CorsRule {
  readonly id?: string;
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds?: number;
}

/** What a lifecycle rule applies to; all that is given must hold (one or, by `And`, several). */
export interface LifecycleFilter {
  readonly prefix?: string;
  readonly tags?: Tags;
  readonly sizeGreaterThanBytes?: number;
  readonly sizeLessThanBytes?: number;
}

/** One lifecycle rule. Actions that one disk without versions cannot do are stored and never executed. */
export interface LifecycleRule {
  /** At most 255 characters, unique; the engine gives one where it is missing. */
  readonly id?: string;
  readonly isEnabled: boolean;
  readonly filter: LifecycleFilter;
  /** The rule came with the legacy `Prefix` beside `Filter` and is written back so. */
  readonly hasLegacyPrefix?: boolean;
  readonly abortIncompleteAfterDays?: number;
  readonly expireAfterDays?: number;
  /** Midnight UTC, in milliseconds since 1970. */
  readonly expireAt?: number;
  /** `ExpiredObjectDeleteMarker`: kept, without effect. */
  readonly expiredObjectDeleteMarker?: boolean;
  /** Noncurrent versions and transitions: kept for the answer, without effect. */
  readonly noncurrentAfterDays?: number;
  readonly newerNoncurrentVersions?: number;
  readonly transitions?: readonly {
    readonly days?: number;
    readonly at?: number;
    readonly storageClass: string;
  }[];
  readonly noncurrentTransitions?: readonly {
    readonly noncurrentDays?: number;
    readonly newerNoncurrentVersions?: number;
    readonly storageClass: string;
  }[];
}

/** Configuration documents of a bucket by kind. */
export interface BucketDocuments {
  readonly cors: readonly CorsRule[];
  readonly lifecycle: readonly LifecycleRule[];
  /** Goes with the lifecycle rules: kept for the answer, without effect, as transitions are. */
  readonly transitionMinimum: "all_storage_classes_128K" | "varies_by_storage_class";
  readonly accelerate: { readonly status: "Enabled" | "Suspended" };
  readonly tagging: Tags;
}

/** Kind of a bucket's configuration document. */
export type BucketDocumentKind = keyof BucketDocuments;

/** Buckets and what is configured on them. All throw NoSuchBucket. */
export interface Buckets {
  /** @throws InvalidBucketName, BucketAlreadyOwnedByYou */
  create(bucket: string): Promise<BucketInfo>;
  head(bucket: string): Promise<BucketInfo>;
  /** All, by name. */
  list(): Promise<readonly BucketInfo[]>;
  /** Uploads in flight do not hold a bucket back; they are aborted. @throws BucketNotEmpty */
  delete(bucket: string): Promise<void>;
  /** `undefined` where there is none. Cheap: a lookup in memory-mapped pages. */
  getDocument<K extends BucketDocumentKind>(
    bucket: string,
    kind: K,
  ): Promise<BucketDocuments[K] | undefined>;
  /** @throws InvalidArgument, MalformedXML where lifecycle rules contradict S3's */
  putDocument<K extends BucketDocumentKind>(
    bucket: string,
    kind: K,
    document: BucketDocuments[K],
  ): Promise<void>;
  deleteDocument(bucket: string, kind: BucketDocumentKind): Promise<void>;
}

/** What RestoreObject asks for. */
export interface RestoreOptions {
  /** How long the copy can be read, from 1. */
  readonly days: number;
  readonly tier: "Expedited" | "Standard" | "Bulk";
}

/** Objects. All throw NoSuchBucket; keys longer than 1,024 bytes KeyTooLongError. */
export interface Objects {
  /** Resolves once the object would survive a power cut. @throws the codes of BodyOptions and WriteConditions, EntityTooLarge, InsufficientStorage */
  put(bucket: string, key: string, body: Body, options: PutOptions): Promise<ObjectInfo>;
  /** @throws NoSuchKey */
  head(bucket: string, key: string): Promise<ObjectInfo>;
  /**
   * @param purpose `describe`: its bytes are not read, so that it may be archived
   * @throws NoSuchKey; InvalidObjectState where it is archived and not restored
   */
  open(bucket: string, key: string, purpose?: "read" | "describe"): Promise<OpenedObject>;
  /** Makes a copy of an archived object that can be read for some days, or prolongs these. @throws NoSuchKey, InvalidObjectState where it is not archived, RestoreAlreadyInProgress, InvalidArgument for a tier that its class has not */
  restore(bucket: string, key: string, options: RestoreOptions): Promise<"started" | "prolonged">;
  /** @throws NoSuchKey, InvalidObjectState, PreconditionFailed, InvalidRequest (onto itself without a change; more than 5 GiB) */
  copy(source: CopySource, bucket: string, key: string, options: CopyOptions): Promise<ObjectInfo>;
  /** Deleting what is not there succeeds. @throws PreconditionFailed */
  delete(bucket: string, key: string, conditions?: { readonly ifMatch?: string }): Promise<void>;
  /** All in one transaction. */
  deleteMany(bucket: string, keys: readonly string[]): Promise<void>;
  list(bucket: string, options: ListOptions): Promise<ListPage>;
  /** @throws NoSuchKey */
  getTags(bucket: string, key: string): Promise<Tags>;
  /** @throws NoSuchKey, InvalidTag */
  putTags(bucket: string, key: string, tags: Tags): Promise<void>;
}

/** Multipart uploads. All throw NoSuchBucket and, but for create and list, NoSuchUpload. */
export interface Uploads {
  create(bucket: string, key: string, options: CreateUploadOptions): Promise<UploadInfo>;
  info(bucket: string, key: string, uploadId: string): Promise<UploadInfo>;
  /** The same part number replaces. @throws InvalidArgument (1 to 10,000), EntityTooLarge, InvalidRequest, the codes of BodyOptions */
  putPart(
    bucket: string,
    key: string,
    uploadId: string,
    partNumber: number,
    body: Body,
    options: BodyOptions,
  ): Promise<PartInfo>;
  /** @throws NoSuchKey, InvalidObjectState, PreconditionFailed, InvalidRange, and those of putPart */
  copyPart(
    source: CopySource & { readonly range?: ByteRange },
    bucket: string,
    key: string,
    uploadId: string,
    partNumber: number,
    signal?: AbortSignal,
  ): Promise<PartInfo>;
  listParts(
    bucket: string,
    key: string,
    uploadId: string,
    options: { readonly partNumberMarker?: number; readonly maxParts: number },
  ): Promise<PartsPage>;
  list(bucket: string, options: ListUploadsOptions): Promise<UploadsPage>;
  /** Checks everything, then changes everything at once; repeated with the same parts it answers the same for a day. @throws InvalidPart, InvalidPartOrder, EntityTooSmall, EntityTooLarge, MalformedXML, BadDigest, InvalidRequest, WriteConditions' codes */
  complete(
    bucket: string,
    key: string,
    uploadId: string,
    options: CompleteOptions,
  ): Promise<ObjectInfo>;
  abort(bucket: string, key: string, uploadId: string): Promise<void>;
}

/** What a lifecycle sweep did. */
export interface SweepReport {
  readonly abortedUploads: readonly { bucket: string; key: string; uploadId: string }[];
  readonly expiredObjects: readonly { bucket: string; key: string }[];
}

/** The opened store. */
export interface Engine {
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly uploads: Uploads;
  /** Executes the lifecycle rules of all buckets as of `now`, in bounded steps. */
  sweep(now?: number, signal?: AbortSignal): Promise<SweepReport>;
  /** Waits for writes under way, then lets go of files, workers and the lock. */
  close(): Promise<void>;
}

/** Options of `openEngine`. */
export interface EngineOptions {
  /** `STORE_DIR`; made where it is missing. One process at a time. */
  readonly directory: string;
  /** Smallest part but the last; default 5 MiB. */
  readonly minPartSizeBytes?: number;
  /** How often lifecycle rules are executed; default an hour; 0: never by itself. */
  readonly sweepIntervalMs?: number;
  /** Disk space held back so that deleting works on a full disk; default 16 MiB, 0: none. */
  readonly reserveSizeBytes?: number;
  /** Threads that hash and write; default: one a core, 2 to 4. */
  readonly ingestThreads?: number;
  /** How long restoring an archived object takes, in milliseconds; default 10 s. */
  readonly restoreMs?: number;
  readonly now?: () => number;
  /** Told of what happens beside requests: sweeps, collected orphans, files that could not be removed. */
  readonly onEvent?: (event: EngineEvent) => void;
}

/** What the engine reports beside answering. */
export type EngineEvent =
  | { readonly kind: "swept"; readonly report: SweepReport }
  | { readonly kind: "orphans-collected"; readonly fileCount: number; readonly sizeBytes: number }
  | { readonly kind: "fault"; readonly during: string; readonly error: unknown };
