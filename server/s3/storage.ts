import { HeadBucketCommand } from "@aws-sdk/client-s3";
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

/** Connects to a bucket; nothing is sent before it is needed. */
export async function connectStorage(options: StorageOptions): Promise<Storage> {
  const { kind, bucket, endpoint, equalParts } = options;
  const client = createS3Client(options);
  // URLs are signed for the first of the origins; the signature covers the host.
  const publicEndpoint = options.publicEndpoints[0] ?? endpoint;
  const signingClient =
    publicEndpoint === endpoint ? client : createS3Client(options, publicEndpoint);
  const presigner = createPresigner(signingClient, bucket);
  let capabilities: Promise<Capabilities> | undefined;
  return {
    kind,
    bucket,
    origins: await publicOrigins(options, presigner),
    gateway: createGateway(client, bucket),
    presigner,
    capabilities() {
      capabilities ??= detectCapabilities(client, bucket, endpoint, equalParts).catch((error) => {
        capabilities = undefined;
        throw toProblem(error, "Find out what the storage can do");
      });
      return capabilities;
    },
    async ping() {
      try {
        const abortSignal = AbortSignal.timeout(PING_TIMEOUT_MS);
        await client.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal });
      } catch (error) {
        throw toProblem(error, "Reach the bucket");
      }
    },
    close() {
      client.destroy();
      signingClient.destroy();
    },
  };
}

/** With virtual-hosted addressing the bucket's name is part of the origin, so a signed URL is asked. */
async function publicOrigins(options: StorageOptions, presigner: Presigner): Promise<string[]> {
  const signed = await presigner.signGet("k", {});
  const first = new URL(signed.url).origin;
  return [...new Set([first, ...options.publicEndpoints.slice(1)])];
}
