import { isAwsEndpoint } from "../../shared/aws-endpoint.ts";
import { probeAcceleration } from "./probe/acceleration.ts";
import { probeChecksums, type ChecksumCapability } from "./probe/checksums.ts";
import { probeConditionalWrites } from "./probe/conditional-writes.ts";
import { probeCors } from "./probe/cors.ts";
import { NO_FORM_POSTS, probeFormPosts, type FormPosts } from "./probe/form-posts.ts";
import type { Probe } from "./probe/probe.ts";
import { probeUploadListing, type UploadListingKind } from "./probe/upload-listing.ts";

/** What a storage can and lacks, as far as uploads depend on it. */
export interface Capabilities {
  /** `If-None-Match: *` on completion is kept, so that nothing is overwritten by a race. */
  readonly conditionalWrites: boolean;
  /** All parts but the last have to be of one size. */
  readonly equalParts: boolean;
  readonly checksum: ChecksumCapability | null;
  readonly formPosts: FormPosts;
  /** Accelerated origins work. */
  readonly acceleration: boolean;
  /** `unknown` where the storage does not tell. */
  readonly cors: "present" | "missing" | "unknown";
  /** `by-key`: nobody can see all incomplete uploads of the bucket. */
  readonly uploadListing: UploadListingKind;
  /** One English sentence for each thing that is missing. */
  readonly lacks: readonly string[];
}

/** What is known of a storage before it is asked. */
export interface StorageKind {
  readonly kind: "embedded" | "s3";
  /** `null`: AWS itself. */
  readonly endpoint: string | null;
  /** `null`: found out. */
  readonly equalParts: boolean | null;
  /** Accelerated origins that the operator vouches for. */
  readonly accelerateEndpoints: readonly string[];
}

type Found = Omit<Capabilities, "lacks">;

/**
 * Finds out what the storage can do; of AWS and of the embedded store most is known. Nothing that is in
 * the bucket is touched: what probes write has random keys and is removed again.
 * @throws whatever kept the storage from answering
 */
export async function detectCapabilities(
  probe: Probe,
  storage: StorageKind,
): Promise<Capabilities> {
  const found = await find(probe, storage);
  return { ...found, lacks: lacksOf(found) };
}

async function find(probe: Probe, storage: StorageKind): Promise<Found> {
  const { kind, endpoint, accelerateEndpoints } = storage;
  const acceleration = accelerateEndpoints.length > 0;
  const equalParts = storage.equalParts ?? isCloudflare(endpoint);
  if (kind === "embedded") {
    return { ...EMBEDDED, equalParts, acceleration, cors: await probeCors(probe) };
  }
  if (isAwsEndpoint(endpoint)) {
    const [cors, isAccelerated] = await Promise.all([
      probeCors(probe),
      acceleration || probeAcceleration(probe),
    ]);
    return { ...AWS, equalParts, acceleration: isAccelerated, cors };
  }
  const [cors, conditionalWrites, checksum, uploadListing] = await Promise.all([
    probeCors(probe),
    probeConditionalWrites(probe),
    probeChecksums(probe),
    probeUploadListing(probe),
  ]);
  const formPosts = isCloudflare(endpoint)
    ? NO_FORM_POSTS
    : await probeFormPosts(probe, checksum?.algorithm ?? null);
  return { conditionalWrites, equalParts, checksum, formPosts, acceleration, cors, uploadListing };
}

type Known = Pick<Found, "conditionalWrites" | "checksum" | "formPosts" | "uploadListing">;

const EMBEDDED: Known = {
  conditionalWrites: true,
  checksum: { algorithm: "CRC64NVME", when: "unasked", verifiedAtCompletion: true },
  formPosts: { work: true, keepOptions: true, conditional: true, verifyChecksums: true },
  uploadListing: "by-prefix",
};

const AWS: Known = {
  conditionalWrites: true,
  // One that is named at completion without a declaration is stored unseen.
  checksum: { algorithm: "CRC64NVME", when: "unasked", verifiedAtCompletion: false },
  // AWS documents conditions and checksums for PutObject, and for no form.
  formPosts: { work: true, keepOptions: true, conditional: false, verifyChecksums: false },
  uploadListing: "by-prefix",
};

function lacksOf({ conditionalWrites, cors }: Found): string[] {
  const lacks: string[] = [];
  if (!conditionalWrites) {
    lacks.push(
      "The storage ignores If-None-Match on completion: " +
        "two uploads of one name at the same moment can overwrite each other.",
    );
  }
  if (cors === "missing") {
    lacks.push(
      "The bucket has no CORS rule: browsers cannot upload to it until one allows PUT and GET " +
        "from this site and exposes ETag.",
    );
  }
  return lacks;
}

/** Cloudflare R2 refuses parts of different sizes only at completion, when it is too late, and has no forms. */
function isCloudflare(endpoint: string | null): boolean {
  return endpoint !== null && new URL(endpoint).hostname.endsWith(".r2.cloudflarestorage.com");
}
