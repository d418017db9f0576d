import type {
  BucketDocuments,
  Checksum,
  ChecksumAlgorithm,
  ChecksumType,
  ObjectHeaders,
  ObjectInfo,
  Tags,
} from "../engine.ts";

/** What is kept about an object beside its bytes, with S3's defaults filled in. */
export interface StoredAttributes {
  readonly headers: ObjectHeaders;
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly tags: Tags;
}

/** A bucket; rows of other tables begin with its number, so that deleting it needs no renaming. */
export interface BucketRecord {
  readonly bucketNumber: number;
  readonly createdAt: number;
  readonly documents: Partial<BucketDocuments>;
}

/** An object. Its bytes are the content `contentId` or, where `partCount` is there, the manifest of that ID. */
export interface ObjectRecord extends StoredAttributes {
  readonly sizeBytes: number;
  readonly etag: string;
  readonly lastModified: number;
  readonly checksum?: Checksum;
  readonly contentId: string;
  readonly partCount?: number;
  readonly restore?: RestoreRecord;
}

/** A copy of an archived object that was asked for: when it is there, and until when. */
export interface RestoreRecord {
  readonly readyAt: number;
  readonly expiresAt: number;
}

/** The parts of a multipart object in order, one array a column: 10,000 of them decode in a millisecond. */
export interface ManifestRecord {
  readonly partNumbers: readonly number[];
  readonly contentIds: readonly string[];
  readonly sizesBytes: readonly number[];
  /** Base64; empty where the parts have none. */
  readonly checksums: readonly string[];
}

/** A multipart upload in flight. */
export interface UploadRecord {
  readonly key: string;
  readonly uploadId: string;
  readonly initiatedAt: number;
  readonly attributes: StoredAttributes;
  readonly initiator?: string;
  readonly checksumAlgorithm?: ChecksumAlgorithm;
  readonly checksumType?: ChecksumType;
}

/** A part of an upload in flight. */
export interface PartRecord {
  readonly contentId: string;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly lastModified: number;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/** What a completed upload answered, so that a repeated completion answers the same. */
export interface CompletionRecord {
  readonly bucketNumber: number;
  readonly completedAt: number;
  /** SHA-256 of the part list, in hex. */
  readonly partsDigest: string;
  readonly result: ObjectInfo;
}
