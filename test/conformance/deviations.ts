/** Servers that the suite knows by name. */
export type ServerName = "sluice" | "ceph-rgw" | "unknown";

/**
 * The one place where an expectation is waived: what was seen on Ceph RGW 20.2, with the titles of the
 * rules that it breaks. Our own store has no such table and never gets one; a server that is not known
 * is held to every rule.
 */
const CEPH_RGW: readonly (readonly [seen: string, ...titles: string[]])[] = [
  ["names its zone group, `default`", "us-east-1 is an empty location constraint"],
  [
    "has no acceleration: PutBucketAccelerate is taken for CreateBucket",
    "acceleration is off until it is enabled, then suspended",
  ],
  [
    "takes DELETE of a subresource that it does not know for DELETE of the bucket or object",
    "deleting a subresource, known or unknown, never deletes the bucket",
    "?retention of an object is never its bytes, and deleting it deletes nothing",
    "?legal-hold of an object is never its bytes, and deleting it deletes nothing",
    "?torrent of an object is never its bytes, and deleting it deletes nothing",
  ],
  [
    "has no website configuration in this build: 405",
    "GET ?website of a bucket that has none is 404 NoSuchWebsiteConfiguration",
  ],
  [
    "answers an empty document",
    "GET ?replication of a bucket that has none is 404 ReplicationConfigurationNotFoundError",
  ],
  [
    "leaves Resource out of errors and the message empty",
    "errors are XML with code, message, resource and the request ID of the header",
  ],
  ["has a larger limit", "user metadata beyond 2 KiB is MetadataTooLarge"],
  ["names it", "STANDARD is not named"],
  ["calls it InvalidArgument", "an unknown storage class is refused"],
  ["refuses without a code", "DeleteObjects of 1,001 keys is MalformedXML and deletes nothing"],
  ["answers 304", "a copy with If-None-Match of the source's ETag is 412, not 304"],
  [
    "calls it BadDigest",
    "a CRC32 header of the wrong length is InvalidRequest",
    "a CRC32C header of the wrong length is InvalidRequest",
    "a CRC64NVME header of the wrong length is InvalidRequest",
    "a SHA1 header of the wrong length is InvalidRequest",
    "a SHA256 header of the wrong length is InvalidRequest",
  ],
  [
    "ignores checksums unless x-amz-sdk-checksum-algorithm announces one",
    "a checksum header whose algorithm is not announced is verified all the same",
    "two checksums at once are refused",
  ],
  [
    "adds no checksum",
    "S3 adds a CRC64NVME of its own where no checksum was given",
    "S3 gives an object of parts without checksums a CRC64NVME of its own",
  ],
  ["computes no other checksum in a copy", "a copy computes the checksum that is asked for"],
  [
    "answers GetObjectAttributes without size and checksums",
    "GetObjectAttributes tells size, ETag, class and checksum",
    "GetObjectAttributes tells the parts with their sizes and checksums",
  ],
  [
    "calls it XAmzContentSHA256Mismatch",
    "a signed chunk that was changed on the way is SignatureDoesNotMatch",
  ],
  [
    "makes the part the object",
    "a part number without an upload ID is refused and overwrites nothing",
  ],
  [
    "goes by the pieces and does not compare their length with the declared one",
    "a decoded length that is not the body's is IncompleteBody",
  ],
  [
    "takes the body without it",
    "a trailer that was announced and does not come is MalformedTrailerError",
  ],
  ["reads the document", "a document type definition is refused"],
  [
    "calls it NoSuchKey",
    "a version that does not exist is refused, and deleting it deletes nothing",
  ],
  ["takes it", "a body without a length is MissingContentLength or NotImplemented"],
  ["calls it InvalidObjectName", "a key of 1,024 bytes is the longest"],
  ["calls it SignatureDoesNotMatch", "a key that is not UTF-8 is refused"],
  [
    "skips the whole common prefix",
    "start-after within a common prefix still shows what follows in it",
  ],
  [
    "repeats the number that was asked for, and takes negative ones for none",
    "max-keys above 1,000 is 1,000, below 0 or no number InvalidArgument",
    "max-parts and max-uploads below 0 or no number are InvalidArgument",
  ],
  [
    "takes any text for a key to go on from",
    "a continuation token that nobody issued is InvalidArgument",
  ],
  ["ignores it", "an unknown encoding-type is InvalidArgument"],
  ["leaves the scheme out", "Location of a completed upload is the object's URL"],
  [
    "sorts the list by itself",
    "completing with descending numbers is 400 InvalidPartOrder, and the upload lives on",
    "completing with a number twice is 400 InvalidPartOrder, and the upload lives on",
  ],
  ["wants every part listed", "parts that the list leaves out are left out of the object"],
  [
    "accepts any number and then cannot complete",
    "part number 0 is InvalidArgument",
    "part number 10001 is InvalidArgument",
    "part number -1 is InvalidArgument",
  ],
  [
    "answers 500: `completion is already in progress`",
    "completing an aborted upload is NoSuchUpload",
  ],
  ["calls it NoSuchKey", "ListParts of an aborted upload is NoSuchUpload"],
  ["ignores the size", "x-amz-mp-object-size that is not the sum of the parts is refused"],
  ["gives no Content-Range", "GET and HEAD by part number give that part and the count"],
  [
    "makes a full-object CRC of it",
    "CRC32 of parts makes a composite checksum",
    "CRC32C of parts makes a composite checksum",
  ],
  [
    "says COMPOSITE",
    "CRC32 of the full object is reported as FULL_OBJECT",
    "CRC32C of the full object is reported as FULL_OBJECT",
    "CRC64NVME of the full object is reported as FULL_OBJECT",
  ],
  [
    "does not compare it",
    "a wrong CRC64NVME of the full object is BadDigest, and the upload lives on",
  ],
  ["takes it", "a part without the checksum that was announced is InvalidRequest"],
  [
    "sorts by upload ID, which is random",
    "uploads of one key are listed in the order of their creation",
  ],
  ["lists STANDARD for every upload", "an upload is listed with time, class, owner and initiator"],
  [
    "loses the common prefixes",
    "a delimiter folds uploads into common prefixes",
    "pages of uploads with a delimiter tile uploads and prefixes exactly",
  ],
  [
    "begins with that key itself",
    "a key marker without an upload ID skips all uploads of that key",
  ],
  ["answers 206", "bytes=-0 of ten bytes is InvalidRange"],
  ["leaves the fields out", "InvalidRange says what was asked and how many bytes there are"],
  [
    "answers the first range, or what it makes of the text",
    "the range bytes=0-1,4-5, which S3 does not serve, is ignored",
    "the range bytes=5-2, which S3 does not serve, is ignored",
    "the range bytes=a-b, which S3 does not serve, is ignored",
  ],
  ["compares the star with the ETag", "GET with If-Match: * is 200"],
  [
    "takes any region",
    "a header signature with another region is 400 AuthorizationHeaderMalformed",
  ],
  ["shows nothing", "the refusal of a wrong signature shows what should have been signed"],
  [
    "refuses it: 403 AccessDenied, and without CORS headers",
    "a presigned PUT takes a Content-Type that was not signed, as a browser's File sends",
  ],
  ["has its own words", "the refusal of an expired URL says when it expired"],
  ["takes it", "a presigned URL of the far future is not valid yet"],
  ["calls it AccessDenied", "X-Amz-Expires=604801 is refused", "X-Amz-Expires=-1 is refused"],
  ["ignores the token", "temporary credentials' token that nobody issued is refused"],
  [
    "sends the browser there without them",
    "success_action_redirect leads there with bucket, key and ETag",
  ],
  [
    "calls it AccessDenied",
    "a form with a wrong secret is 403 SignatureDoesNotMatch and makes no object",
    "a policy that was changed after signing is SignatureDoesNotMatch",
  ],
  ["keeps neither", "cache-control and encoding of the form are the object's"],
  ["sorts origins and headers", "the configuration comes back as it was put"],
  [
    "calls it AccessDenied",
    "a preflight with another origin is AccessForbidden without CORS headers",
    "a preflight with another scheme is AccessForbidden without CORS headers",
    "a preflight with another method is AccessForbidden without CORS headers",
    "a preflight with another header is AccessForbidden without CORS headers",
    "a preflight with an origin that only ends alike is AccessForbidden without CORS headers",
    "without a configuration preflights are refused and answers show nothing",
  ],
  [
    "names the origin instead",
    "the wildcard origin answers with a star, its wildcard header with what was asked",
  ],
  ["leaves them out", "refused signatures carry CORS headers, so that a browser can tell"],
  ["drops an empty prefix", "a lifecycle rule filtered by size comes back as it was put"],
  [
    "turns the filter into the legacy Prefix",
    "a lifecycle rule for all objects by an empty filter comes back as it was put",
  ],
  [
    "counts the days from 1970 at creation, and leaves the date out of ListParts",
    "an upload under a rule is told when it will be aborted, and by which",
  ],
  [
    "does not encode the rule's ID",
    "an object under a rule is told when it will expire, and by which",
  ],
];

/** Why `server` is not held to the rule of that title; `undefined` where it is. */
export function deviationOf(server: ServerName, title: string): string | undefined {
  if (server !== "ceph-rgw") return undefined;
  const [seen] = CEPH_RGW.find(([, ...titles]) => titles.includes(title)) ?? [];
  return seen;
}

/** Titles in the table of `server` that are not among `titles`. */
export function staleDeviations(server: ServerName, titles: ReadonlySet<string>): string[] {
  if (server !== "ceph-rgw") return [];
  return CEPH_RGW.flatMap(([, ...broken]) => broken).filter((title) => !titles.has(title));
}
