/**
 * Storage classes of AWS that an upload can ask for, in the order of how often they are read; the first
 * is what a bucket takes by itself. `REDUCED_REDUNDANCY`, which AWS advises against, is left out.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
 */
export const STORAGE_CLASSES = [
  "STANDARD",
  "INTELLIGENT_TIERING",
  "STANDARD_IA",
  "ONEZONE_IA",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
] as const;
