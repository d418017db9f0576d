/** Documents with all that S3 has a name for, as `aws s3api` takes and prints them. */

/** Every filter and every action. */
export const RICH_LIFECYCLE = {
  Rules: [
    {
      ID: "z everything at once",
      Filter: {
        And: {
          Prefix: "films & more/<é>",
          Tags: [
            { Key: "team", Value: "films" },
            { Key: "age", Value: "old one" },
          ],
          ObjectSizeGreaterThan: 1024,
          ObjectSizeLessThan: 1_073_741_824,
        },
      },
      Status: "Enabled",
      Transitions: [
        { Days: 30, StorageClass: "STANDARD_IA" },
        { Days: 90, StorageClass: "GLACIER" },
      ],
      Expiration: { Days: 3650 },
    },
    {
      ID: "a versions",
      Filter: { Prefix: "versions/" },
      Status: "Disabled",
      NoncurrentVersionTransitions: [
        { NoncurrentDays: 31, StorageClass: "STANDARD_IA", NewerNoncurrentVersions: 5 },
      ],
      NoncurrentVersionExpiration: { NoncurrentDays: 365, NewerNoncurrentVersions: 2 },
    },
    {
      ID: "markers",
      Filter: { Prefix: "markers/" },
      Status: "Enabled",
      Expiration: { ExpiredObjectDeleteMarker: true },
    },
    {
      ID: "only a tag",
      Filter: { Tag: { Key: "keep", Value: "" } },
      Status: "Enabled",
      Transitions: [{ Days: 0, StorageClass: "GLACIER" }],
    },
    {
      ID: "only a size",
      Filter: { ObjectSizeGreaterThan: 5 },
      Status: "Enabled",
      NoncurrentVersionTransitions: [{ NoncurrentDays: 60, StorageClass: "GLACIER" }],
    },
    {
      ID: "theirs ends uploads too",
      Filter: { Prefix: "tmp/" },
      Status: "Enabled",
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    },
  ],
};

/** The form that S3 had first, and never mixes with the other. */
export const OLD_LIFECYCLE = {
  Rules: [
    { ID: "old logs", Prefix: "logs/", Status: "Enabled", Expiration: { Days: 30 } },
    { ID: "old tmp", Prefix: "tmp/", Status: "Disabled", Expiration: { Days: 1 } },
  ],
};

/** Rules whose order counts. */
export const RICH_CORS = {
  CORSRules: [
    {
      ID: "z first",
      AllowedHeaders: ["x-amz-*", "Content-Type"],
      AllowedMethods: ["PUT", "DELETE"],
      AllowedOrigins: ["https://*.first.example", "http://localhost:3000"],
      ExposeHeaders: ["ETag", "x-amz-meta-one"],
      MaxAgeSeconds: 600,
    },
    {
      ID: "a second",
      AllowedHeaders: ["*"],
      AllowedMethods: ["GET"],
      AllowedOrigins: ["*"],
      ExposeHeaders: ["Content-Range"],
      MaxAgeSeconds: 1,
    },
  ],
};
