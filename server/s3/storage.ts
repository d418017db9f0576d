import { HeadBucketCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import type { ArchiveName } from "../../shared/archive.ts";
import { isAwsEndpoint } from "../../shared/aws-endpoint.ts";
import { ProblemError } from "../../shared/problem.ts";
import type { ByteSource } from "../../shared/select/byte-source.ts";
import type { SelectEvent, SelectRequest } from "../../shared/select/select-request.ts";
import { STORAGE_CLASSES } from "../../shared/storage-class.ts";
import { restoreObject, type RestoreRequest } from "./archive.ts";
import { detectCapabilities, type Capabilities } from "./capabilities.ts";
import { createBucketConfiguration, type BucketConfiguration } from "./bucket/configuration.ts";
import { findAddress, originOf } from "./bucket-address.ts";
import { presignerOf } from "./client-presigner.ts";
import { createS3Client } from "./client.ts";
import { createGateway, type StoredObject, type UploadGateway } from "./gateway.ts";
import { createIncompleteUploads, type IncompleteUploads } from "./incomplete-uploads.ts";
import { listObjects, type ListedPage, type Listing } from "./list-objects.ts";
import { selectNatively } from "./native-select.ts";
import { objectBytes } from "./object-bytes.ts";
import { findAddresses, type PublicEndpoints } from "./origins.ts";
import type { Presigner } from "./presign.ts";
import { createRegister, type UploadRegister } from "./register.ts";
import { toProblem } from "./s3-error.ts";
import { watchStorageClock } from "./storage-clock.ts";

/** One bucket and all that the backend does with it. */
export interface Storage {
  readonly kind: "embedded" | "s3";
  readonly bucket: string;
  /** Origins under which browsers reach the bucket, at least one. */
  readonly origins: readonly string[];
  /** Origins that are faster from afar, as far as the bucket has acceleration. */
  readonly accelerateOrigins: readonly string[];
  /** Classes that an upload can ask for; the first is what it gets by itself. */
  readonly storageClasses: readonly string[];
  readonly gateway: UploadGateway;
  readonly presigner: Presigner;
  /** Lifecycle, CORS and acceleration of the bucket. */
  readonly configuration: BucketConfiguration;
  readonly register: UploadRegister;
  readonly incomplete: IncompleteUploads;
  /** An object by its ranges, as long as it is the version that was looked up. */
  bytesOf(key: string, object: Pick<StoredObject, "sizeBytes" | "etag">): ByteSource;
  /** Has the storage answer a query; throws SelectError and ProblemError, `select-unsupported` where it has no Select. */
  selectNatively(
    key: string,
    request: SelectRequest,
    signal: AbortSignal,
  ): AsyncIterable<SelectEvent>;
  /** Has the storage restore an archived object; throws ProblemError. */
  restoreObject(
    key: string,
    archive: ArchiveName,
    request: RestoreRequest,
  ): Promise<"restoring" | "restored">;
  /** All keys that start with `prefix`, or `null` where they are more than one page (1,000). */
  listKeys(prefix: string): Promise<ReadonlySet<string> | null>;
  /** A page of the bucket's keys; throws ProblemError. */
  listObjects(listing: Listing): Promise<ListedPage>;
  /** Found out once and remembered; a failed attempt is not. */
  capabilities(): Promise<Capabilities>;
  /** Resolves where the bucket answers; throws ProblemError. */
  ping(): Promise<void>;
  close(): void;
}

/** What `connectStorage` has to know. */
export interface StorageOptions extends PublicEndpoints {
  readonly kind: "embedded" | "s3";
  /** `null`: found out. */
  readonly equalParts: boolean | null;
}

const PING_TIMEOUT_MS = 5000;

/** For all questions together. */
const PROBE_TIMEOUT_MS = 20_000;

const LIST_TIMEOUT_MS = 20_000;

/** Connects to a bucket; nothing is sent before it is needed. */
export async function connectStorage(options: StorageOptions): Promise<Storage> {
  const { kind, bucket } = options;
  const client = createS3Client(options);
  const { direct, accelerated } = await findAddresses(client, options).catch((error) => {
    throw toProblem(error, "Sign a URL");
  });
  const nowMs = watchStorageClock(client);
  let capabilities: Promise<Capabilities> | undefined;
  const accelerateOrigins = accelerated.map(originOf);
  return {
    kind,
    bucket,
    origins: direct.map(originOf),
    accelerateOrigins,
    storageClasses: storageClassesOf(options),
    gateway: createGateway(client, bucket),
    presigner: presignerOf(client, bucket, [...direct, ...accelerated]),
    configuration: createBucketConfiguration(
      client,
      { ...options, accelerateOrigins },
      () => void (capabilities = undefined),
    ),
    register: createRegister(client, bucket),
    incomplete: createIncompleteUploads(client, bucket, nowMs),
    capabilities() {
      capabilities ??= findCapabilities(client, options).catch((error) => {
        capabilities = undefined;
        throw toProblem(error, "Find out what the storage can do");
      });
      return capabilities;
    },
    bytesOf: (key, object) => objectBytes(client, bucket, key, object),
    selectNatively: (key, request, signal) => selectNatively(client, bucket, key, request, signal),
    restoreObject: (key, archive, request) => restoreObject(client, bucket, key, archive, request),
    listKeys: (prefix) => listKeys(client, bucket, prefix),
    listObjects: (listing) => listObjects(client, bucket, listing),
    ping: () => ping(client, bucket),
    close: () => client.destroy(),
  };
}

/** Other servers have classes that their operators name, and S3 has no request that lists them. */
function storageClassesOf({ kind, endpoint }: StorageOptions): readonly string[] {
  return kind === "embedded" || isAwsEndpoint(endpoint) ? STORAGE_CLASSES : ["STANDARD"];
}

async function findCapabilities(client: S3Client, options: StorageOptions): Promise<Capabilities> {
  const { bucket } = options;
  // What browsers reach may be out of this server's reach.
  const presigner = presignerOf(client, bucket, [await findAddress(client, bucket)]);
  const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  return detectCapabilities({ client, bucket, presigner, signal }, options);
}

async function listKeys(
  client: S3Client,
  Bucket: string,
  Prefix: string,
): Promise<ReadonlySet<string> | null> {
  try {
    const abortSignal = AbortSignal.timeout(LIST_TIMEOUT_MS);
    const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix }), { abortSignal });
    if (page.IsTruncated) return null;
    return new Set((page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key])));
  } catch (error) {
    throw toProblem(error, "List the keys");
  }
}

async function ping(client: S3Client, Bucket: string): Promise<void> {
  try {
    const abortSignal = AbortSignal.timeout(PING_TIMEOUT_MS);
    await client.send(new HeadBucketCommand({ Bucket }), { abortSignal });
  } catch (error) {
    const problem = toProblem(error, "Reach the bucket");
    if (problem.code !== "not-found") throw problem;
    throw new ProblemError("bucket-missing", `There is no bucket "${Bucket}".`, { cause: error });
  }
}
