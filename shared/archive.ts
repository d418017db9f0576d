/** Where objects lie that have to be restored before they can be read: two storage classes, and two tiers of INTELLIGENT_TIERING. */
export const ARCHIVES = [
  "GLACIER",
  "DEEP_ARCHIVE",
  "ARCHIVE_ACCESS",
  "DEEP_ARCHIVE_ACCESS",
] as const;

/** One of them. */
export type ArchiveName = (typeof ARCHIVES)[number];

/** How fast an object is restored, and at what price. */
export const RESTORE_TIERS = ["Expedited", "Standard", "Bulk"] as const;

/** One of them. */
export type RestoreTier = (typeof RESTORE_TIERS)[number];

const FROM_ARCHIVE = {
  Expedited: "1 to 5 minutes",
  Standard: "3 to 5 hours",
  Bulk: "5 to 12 hours",
} as const;

const FROM_DEEP_ARCHIVE = { Standard: "up to 12 hours", Bulk: "up to 48 hours" } as const;

/**
 * How long S3 takes to restore an object, as of 2026-11; a tier that is missing there is none.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html
 */
export const RETRIEVAL_TIMES: Readonly<
  Record<ArchiveName, Readonly<Partial<Record<RestoreTier, string>>>>
> = {
  GLACIER: FROM_ARCHIVE,
  DEEP_ARCHIVE: FROM_DEEP_ARCHIVE,
  ARCHIVE_ACCESS: FROM_ARCHIVE,
  DEEP_ARCHIVE_ACCESS: FROM_DEEP_ARCHIVE,
};
