import { fork } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { StoreAddress } from "./run.ts";

const SCRIPT = fileURLToPath(new URL("../store-server.mjs", import.meta.url));
const PART_BYTES = 64 * 1024 * 1024;

/** The embedded store in a process of its own, which holds some files under their paths. */
export interface BenchStore {
  readonly address: StoreAddress;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

/**
 * Starts the store and puts the files into it.
 * @param parent where its data goes
 * @param built the folder of the built server, as a URL
 */
export async function startBenchStore(
  parent: string,
  built: string,
  paths: readonly string[],
): Promise<BenchStore> {
  const directory = mkdtempSync(join(parent, "store-"));
  const entry = `${built}/server/store/index.js`;
  const child = fork(SCRIPT, ["store", directory, entry], { execArgv: [] });
  const [{ endpoint }] = await once(child, "message");
  const address: StoreAddress = {
    bucket: "bench",
    endpoint: String(endpoint),
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "BENCH", secretAccessKey: "bench-secret" },
  };
  const { bucket, ...settings } = address;
  const client = new S3Client({ ...settings, requestChecksumCalculation: "WHEN_REQUIRED" });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  for (const path of paths) await put(client, bucket, path);
  client.destroy();
  return {
    address,
    async close() {
      child.kill();
      await once(child, "exit");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function put(client: S3Client, Bucket: string, path: string): Promise<void> {
  const object = { Bucket, Key: path };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(object));
  const file = await open(path);
  const Parts = [];
  const buffer = Buffer.alloc(PART_BYTES);
  for (let PartNumber = 1; ; PartNumber += 1) {
    const { bytesRead } = await file.read(buffer, 0, PART_BYTES);
    if (bytesRead === 0) break;
    const Body = buffer.subarray(0, bytesRead);
    const part = new UploadPartCommand({ ...object, UploadId, PartNumber, Body });
    const { ETag } = await client.send(part);
    Parts.push({ ETag, PartNumber });
  }
  await file.close();
  const MultipartUpload = { Parts };
  await client.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload }));
}
