import type { Examiner } from "../examination.ts";
import {
  checkAcceleration,
  checkEncryption,
  checkObjectLock,
  checkVersioning,
} from "./bucket-settings.ts";
import { checkChecksums } from "./checksums.ts";
import { checkConditionalWrites } from "./conditional-writes.ts";
import { checkCorsRules } from "./cors-rules.ts";
import { checkLifecycle } from "./lifecycle.ts";
import { checkPartSizes } from "./part-sizes.ts";
import { checkExposedHeaders, checkPreflight } from "./preflight.ts";
import { checkPresignedUrl } from "./presigned-url.ts";
import { checkPublicAccess } from "./public-access.ts";
import { checkSelect } from "./select.ts";
import type { Operation } from "./trials.ts";
import { checkUploadListing } from "./upload-listing.ts";

/** What has to answer before anything else can be tried. */
export const REACH = {
  endpoint: { id: "endpoint", title: "The storage answers" },
  clock: { id: "clock", title: "Clocks agree" },
  credentials: { id: "credentials", title: "Credentials are accepted" },
  bucket: { id: "bucket", title: "The bucket is there" },
} as const;

/** What is read of the bucket, or asked as a browser would: nothing is written. */
export const READING: readonly Examiner[] = [
  { id: "cors-rules", title: "CORS rules for the sites that upload", run: checkCorsRules },
  { id: "cors-preflight", title: "Browsers may send requests", run: checkPreflight },
  { id: "lifecycle", title: "Incomplete uploads end by themselves", run: checkLifecycle },
  { id: "public-access", title: "Strangers stay out", run: checkPublicAccess },
  { id: "encryption", title: "Default encryption", run: checkEncryption },
  { id: "versioning", title: "Versioning", run: checkVersioning },
  { id: "object-lock", title: "Object Lock", run: checkObjectLock },
  { id: "acceleration", title: "Transfer Acceleration", run: checkAcceleration },
];

/** A check that writes, and what has to be permitted for it. */
export interface WritingExaminer extends Examiner {
  readonly needs: readonly Operation[];
}

const MULTIPART = ["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"] as const;

/** Ten megabytes may have to go over a line of a home. */
const PART_SIZES_TIMEOUT_MS = 25_000;

/** How the storage behaves. */
export const WRITING: readonly WritingExaminer[] = [
  {
    id: "presigned-url",
    title: "Signed URLs work",
    needs: ["PutObject", "GetObject"],
    run: checkPresignedUrl,
  },
  {
    id: "cors-exposed-headers",
    title: "Browsers may read ETag and Content-Range",
    needs: ["PutObject", "GetObject"],
    run: checkExposedHeaders,
  },
  {
    id: "conditional-writes",
    title: "Conditional writes",
    needs: ["PutObject", ...MULTIPART],
    run: checkConditionalWrites,
  },
  {
    id: "checksums",
    title: "Checksums of whole objects",
    needs: ["PutObject", "HeadObject", ...MULTIPART],
    run: checkChecksums,
  },
  {
    id: "part-sizes",
    title: "Parts of different sizes",
    timeoutMs: PART_SIZES_TIMEOUT_MS,
    needs: MULTIPART,
    run: checkPartSizes,
  },
  {
    id: "upload-listing",
    title: "Incomplete uploads are listed by prefix",
    needs: ["CreateMultipartUpload", "ListMultipartUploads"],
    run: checkUploadListing,
  },
  {
    id: "select",
    title: "Queries (S3 Select)",
    needs: ["PutObject", "GetObject"],
    run: checkSelect,
  },
];
