import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import {
  AbortMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  paginateListParts,
  S3Client,
} from "@aws-sdk/client-s3";
import { freePort } from "../fixtures/free-port.ts";

const projectDir = fileURLToPath(new URL("../../", import.meta.url));
const CREDENTIALS = {
  accessKeyId: "e2e-access-key",
  secretAccessKey: "e2e-secret-key-of-thirty-two-chars",
};

/** A bucket of some S3 server. */
export interface Storage {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A built Sluice with its embedded store, in a process and a folder of its own. */
export interface SluiceServer {
  readonly url: string;
  readonly bucket: string;
  readonly dir: string;
  readonly s3: S3Client;
  start(): Promise<void>;
  /** As a power cut would: no signal handler runs. */
  kill(): Promise<void>;
  /** Resident memory of the process, in bytes (Linux), or 0 where it cannot be told. */
  residentBytes(): number;
  sha256(key: string): Promise<string>;
  /** Sizes by key, as the store lists them, without what the server keeps for itself. */
  objects(): Promise<Map<string, number>>;
  openUploads(): Promise<number>;
  /** Bytes of all parts that the storage holds of uploads that are not complete. */
  heldPartBytes(): Promise<number>;
  /** Aborts every open upload, as a lifecycle rule or an admin does. */
  forgetUploads(): Promise<void>;
  /** Everything that the process printed. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Starts a server on free ports and waits until it is ready.
 * @param env settings beside the defaults, such as `S3_PUBLIC_ENDPOINTS`
 * @param storePort where the embedded store listens
 * @param foreign another S3 server to use in place of the embedded store
 */
export async function startSluice(
  env: Record<string, string> = {},
  storePort = 0,
  foreign?: Storage,
): Promise<SluiceServer> {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), "sluice-e2e-"));
  const url = `http://127.0.0.1:${port}`;
  const storage = foreign ?? {
    endpoint: `http://127.0.0.1:${storePort}`,
    bucket: "sluice",
    region: "us-east-1",
    credentials: CREDENTIALS,
  };
  const { bucket, endpoint, region, credentials } = storage;
  const s3 = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  let child: ChildProcess | undefined;
  let printed = "";

  const exited = (process: ChildProcess) =>
    new Promise<void>((resolve) => {
      if (process.exitCode !== null || process.signalCode !== null) resolve();
      else process.once("exit", () => resolve());
    });

  const start = async () => {
    child = spawn(process.execPath, ["--max-semi-space-size=1", "dist/server/main.js"], {
      cwd: projectDir,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        NODE_ENV: "production",
        PORT: String(port),
        STORE_PORT: String(storePort),
        STORE_DIR: dir,
        STORE_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        STORE_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        ...(foreign ? settingsOf(foreign) : {}),
        ...env,
      },
    });
    const collect = (data: Buffer) => {
      printed = (printed + data.toString()).slice(-200_000);
    };
    child.stdout?.on("data", collect);
    child.stderr?.on("data", collect);
    await ready(url, child, () => printed);
  };

  await start();
  return {
    url,
    bucket,
    dir,
    s3,
    start,
    log: () => printed,
    async kill() {
      if (!child) return;
      child.kill("SIGKILL");
      await exited(child);
    },
    residentBytes() {
      try {
        const status = readFileSync(`/proc/${child?.pid ?? 0}/status`, "utf8");
        return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
      } catch {
        return 0;
      }
    },
    async sha256(key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (!(Body instanceof Readable)) throw new Error("no body");
      const hash = createHash("sha256");
      for await (const data of Body) hash.update(data as Buffer);
      return hash.digest("hex");
    },
    async objects() {
      const sizes = new Map<string, number>();
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
        for (const { Key = "", Size = -1 } of page.Contents ?? []) {
          if (!Key.startsWith(".sluice/")) sizes.set(Key, Size);
        }
      }
      return sizes;
    },
    openUploads: async () => (await listUploads(s3, bucket)).length,
    async heldPartBytes() {
      let bytes = 0;
      for (const { Key, UploadId } of await listUploads(s3, bucket)) {
        const pages = paginateListParts({ client: s3 }, { Bucket: bucket, Key, UploadId });
        for await (const { Parts = [] } of pages) {
          bytes += Parts.reduce((sum, { Size = 0 }) => sum + Size, 0);
        }
      }
      return bytes;
    },
    async forgetUploads() {
      for (const { Key, UploadId } of await listUploads(s3, bucket)) {
        await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
      }
    },
    async stop() {
      if (child && child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        const patience = setTimeout(() => child?.kill("SIGKILL"), 15_000);
        await exited(child);
        clearTimeout(patience);
      }
      s3.destroy();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function listUploads(client: S3Client, Bucket: string) {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  return Uploads.map(({ Key = "", UploadId = "" }) => ({ Key, UploadId }));
}

function settingsOf(storage: Storage): Record<string, string> {
  return {
    S3_BUCKET: storage.bucket,
    S3_ENDPOINT: storage.endpoint,
    S3_REGION: storage.region,
    S3_FORCE_PATH_STYLE: "true",
    AWS_ACCESS_KEY_ID: storage.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: storage.credentials.secretAccessKey,
  };
}

async function ready(url: string, child: ChildProcess, printed: () => string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server ended at start:\n${printed()}`);
    try {
      if ((await fetch(`${url}/readyz`)).ok) return;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > deadline) throw new Error(`The server is not ready:\n${printed()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
