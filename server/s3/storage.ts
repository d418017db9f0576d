import { HeadBucketCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { ProblemError } from "../../shared/problem.ts";
import { detectCapabilities, type Capabilities } from "./capabilities.ts";
import { createS3Client, type S3Endpoint } from "./client.ts";
import { createGateway, type UploadGateway } from "./gateway.ts";
import { createPresigner, type Presigner } from "./presign.ts";
import { toProblem } from "./s3-error.ts";

/** One bucket and all that the backend does with it. */
export interface Storage {
  readonly kind: "embedded" | "s3";
  readonly bucket: string;
  /** Origins under which browsers reach the bucket, at least one. */
  readonly origins: readonly string[];
  readonly gateway: UploadGateway;
  readonly presigner: Presigner;
  /** All keys that start with `prefix`, or `null` where they are more than one page (1,000). */
  listKeys(prefix: string): Promise<ReadonlySet<string> | null>;
  /** Found out once and remembered; a failed attempt is not. */
  capabilities(): Promise<Capabilities>;
  /** Resolves where the bucket answers; throws ProblemError. */
  ping(): Promise<void>;
  close(): void;
}

/** What `connectStorage` has to know. */
export interface StorageOptions extends S3Endpoint {
  readonly kind: "embedded" | "s3";
  /** Endpoints under which browsers reach the bucket; empty: the endpoint itself. */
  readonly publicEndpoints: readonly string[];
  /** `null`: found out. */
  readonly equalParts: boolean | null;
}

const PING_TIMEOUT_MS = 5000;

const LIST_TIMEOUT_MS = 20_000;

/** Connects to a bucket; nothing is sent before it is needed. */
export async function connectStorage(options: StorageOptions): Promise<Storage> {
  const { kind, bucket, endpoint } = options;
  const client = createS3Client(options);
  // URLs are signed for the first of the origins; the signature covers the host.
  const publicEndpoint = options.publicEndpoints[0] ?? endpoint;
  const signingClient =
    publicEndpoint === endpoint ? client : createS3Client(options, publicEndpoint);
  // The SDK corrects its own requests by what it learns of the storage's clock from the answers.
  const skewMs = () => client.config.systemClockOffset;
  const presigner = createPresigner(signingClient, bucket, () => new Date(), skewMs);
  let capabilities: Promise<Capabilities> | undefined;
  return {
    kind,
    bucket,
    origins: await publicOrigins(options, presigner),
    gateway: createGateway(client, bucket),
    presigner,
    capabilities() {
      capabilities ??= detectCapabilities(client, options).catch((error) => {
        capabilities = undefined;
        throw toProblem(error, "Find out what the storage can do");
      });
      return capabilities;
    },
    listKeys: (prefix) => listKeys(client, bucket, prefix),
    ping: () => ping(client, bucket),
    close() {
      client.destroy();
      signingClient.destroy();
    },
  };
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

/** With virtual-hosted addressing the bucket's name is part of the origin, so a signed URL is asked. */
async function publicOrigins(options: StorageOptions, presigner: Presigner): Promise<string[]> {
  const signed = await presigner.signGet("k", {}).catch((error) => {
    throw toProblem(error, "Sign a URL");
  });
  const first = new URL(signed.url).origin;
  return [...new Set([first, ...options.publicEndpoints.slice(1)])];
}
