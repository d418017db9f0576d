/**
 * S3's limits as published in November 2026.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
 */
const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

/** Smallest size of every part but the last, in bytes (5 MiB). */
export const MIN_PART_SIZE_BYTES = 5 * MiB;

/** Largest size of one part, in bytes (5 GiB). */
export const MAX_PART_SIZE_BYTES = 5 * GiB;

/** Part numbers run from 1 to this. */
export const MAX_PART_COUNT = 10_000;

/** Largest object, in bytes: 10,000 parts of 5 GiB, which AWS rounds to 48.8 TiB. */
export const MAX_OBJECT_SIZE_BYTES = MAX_PART_COUNT * MAX_PART_SIZE_BYTES;

/** Largest body of one PutObject, in bytes (5 GiB). */
export const MAX_SINGLE_PUT_BYTES = 5 * GiB;

/** Longest key, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1024;

/** ListParts, ListMultipartUploads and ListObjectsV2 answer at most this many entries a page. */
export const MAX_PAGE_SIZE = 1000;

/** A presigned URL lives at most seven days, in seconds. */
export const MAX_PRESIGN_SECONDS = 7 * 24 * 60 * 60;

/** All user metadata of an object together, names and values, in bytes. */
export const MAX_METADATA_BYTES = 2 * KiB;

/** Tags of one object. */
export const MAX_OBJECT_TAGS = 10;

/** A tag's key, in characters. */
export const MAX_TAG_KEY_LENGTH = 128;

/** A tag's value, in characters. */
export const MAX_TAG_VALUE_LENGTH = 256;

/**
 * PUT, COPY, POST and DELETE requests a second that S3 carries for each prefix that it has split off, at the least.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
 */
export const WRITES_PER_SECOND_PER_PREFIX = 3500;

/** The same for GET and HEAD requests. */
export const READS_PER_SECOND_PER_PREFIX = 5500;
