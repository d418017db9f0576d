import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { it } from "vitest";
import { deviationOf, type ServerName } from "./deviations.ts";

/** Who signs, and for which region. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** The S3 server that is held against S3's rules. */
export interface Target extends Credentials {
  readonly server: ServerName;
  /** Origin without a slash at its end. */
  readonly endpoint: string;
  /** Default settings but path style and a single attempt, so that every answer is seen. */
  readonly client: S3Client;
  /** Titles of the rules that it is held to. */
  readonly titles: Set<string>;
  /** Makes a bucket with a random name; `close` empties and removes it. */
  makeBucket(): Promise<string>;
  close(): Promise<void>;
}

/** A test of one rule of S3. */
export type RuleTest = (title: string, run: () => Promise<void>) => void;

/** Options of the embedded store that a test may need. */
export interface OwnStoreOptions {
  /** Smallest part but the last, in bytes. */
  readonly minPartSizeBytes?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  /** How often lifecycle rules are executed. */
  readonly sweepIntervalMs?: number;
}

/**
 * The server named by `S3_ENDPOINT` with `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `S3_REGION`
 * (default us-east-1); where it is not set, an embedded store of its own in a temporary directory.
 */
export async function openTarget(): Promise<Target> {
  const endpoint = process.env["S3_ENDPOINT"]?.replace(/\/$/, "");
  return endpoint ? namedTarget(endpoint) : openOwnStore();
}

/** An embedded store on a free port, removed by `close`; `directory` is where it keeps its data. */
export async function openOwnStore(
  options: OwnStoreOptions = {},
): Promise<Target & { readonly directory: string }> {
  const credentials = {
    accessKeyId: "CONFORMANCE",
    secretAccessKey: randomBytes(20).toString("hex"),
    region: "us-east-1",
  };
  const directory = await mkdtemp(join(tmpdir(), "sluice-conformance-"));
  const { startStore } = await import("../../server/store/index.ts");
  const store = await startStore({
    dir: directory,
    port: 0,
    host: "127.0.0.1",
    region: credentials.region,
    credentials,
    ...options,
  });
  const target = makeTarget("sluice", store.endpoint, credentials, async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });
  return { ...target, directory };
}

/** A client of `target` with the given settings. */
export function makeClient(
  { endpoint, region, accessKeyId, secretAccessKey }: Credentials & { readonly endpoint: string },
  settings: { readonly requestChecksumCalculation?: "WHEN_REQUIRED" | "WHEN_SUPPORTED" } = {},
): S3Client {
  return new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    maxAttempts: 1,
    ...settings,
  });
}

/**
 * `it` for rules of S3. A server that is known to deviate from one is skipped, with what was seen there;
 * with `S3_RECHECK_DEVIATIONS` it is expected to fail, so that an entry that no longer holds shows.
 */
export function ruleTest(target: Target): RuleTest {
  return (title, run) => {
    if (target.titles.has(title)) throw new Error(`Two rules are called "${title}"`);
    target.titles.add(title);
    const deviation = deviationOf(target.server, title);
    if (deviation === undefined) it(title, run);
    else if (process.env["S3_RECHECK_DEVIATIONS"]) it.fails(title, run);
    else it(title, (context) => context.skip(`${target.server}: ${deviation}`));
  };
}

async function namedTarget(endpoint: string): Promise<Target> {
  const accessKeyId = process.env["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = process.env["AWS_SECRET_ACCESS_KEY"];
  if (!accessKeyId || !secretAccessKey) {
    throw new Error(
      "S3_ENDPOINT is set; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are needed too",
    );
  }
  const region = process.env["S3_REGION"] || "us-east-1";
  const server = await serverAt(endpoint);
  return makeTarget(server, endpoint, { accessKeyId, secretAccessKey, region }, async () => {});
}

async function serverAt(endpoint: string): Promise<ServerName> {
  const { headers } = await fetch(endpoint);
  return headers.get("server")?.startsWith("Ceph Object Gateway") ? "ceph-rgw" : "unknown";
}

function makeTarget(
  server: ServerName,
  endpoint: string,
  credentials: Credentials,
  release: () => Promise<void>,
): Target {
  const client = makeClient({ endpoint, ...credentials });
  const buckets: string[] = [];
  return {
    ...credentials,
    server,
    endpoint: endpoint.replace(/\/$/, ""),
    client,
    titles: new Set(),
    async makeBucket() {
      const bucket = `conformance-${randomBytes(8).toString("hex")}`;
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      buckets.push(bucket);
      return bucket;
    },
    async close() {
      // The own store's directory goes as a whole; another's buckets have to be emptied one by one.
      if (server !== "sluice") for (const bucket of buckets) await removeBucket(client, bucket);
      client.destroy();
      await release();
    },
  };
}

async function removeBucket(client: S3Client, Bucket: string): Promise<void> {
  const { Buckets = [] } = await client.send(new ListBucketsCommand({ Prefix: Bucket }));
  if (!Buckets.some(({ Name }) => Name === Bucket)) return;
  for (;;) {
    // One by one: XML cannot name keys with control characters, which DeleteObjects would have to.
    const { Contents = [] } = await client.send(
      new ListObjectsV2Command({ Bucket, EncodingType: "url" }),
    );
    for (const { Key } of Contents) {
      await client.send(new DeleteObjectCommand({ Bucket, Key: decodeListedKey(Key) }));
    }
    if (Contents.length === 0) break;
  }
  for (;;) {
    const { Uploads = [] } = await client.send(
      new ListMultipartUploadsCommand({ Bucket, EncodingType: "url" }),
    );
    for (const { Key, UploadId } of Uploads) {
      const upload = { Bucket, Key: decodeListedKey(Key), UploadId };
      await client.send(new AbortMultipartUploadCommand(upload));
    }
    if (Uploads.length === 0) break;
  }
  await client.send(new DeleteBucketCommand({ Bucket }));
}

/** A key as it stands in a listing with `encoding-type=url`. */
export function decodeListedKey(key: string | undefined): string {
  return decodeURIComponent((key ?? "").replaceAll("+", " "));
}
