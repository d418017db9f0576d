import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CreateBucketCommand, PutBucketCorsCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test, type Page } from "@playwright/test";
import { seededRandom } from "../faults/shaper-fault.ts";
import { startShaper, type Shaper } from "../faults/shaper.ts";
import { freePort } from "../fixtures/free-port.ts";
import { writeRandomFile } from "../fixtures/random-file.ts";
import { startSluice, type SluiceServer } from "./sluice-server.ts";
import { UploadPage } from "./upload-page.ts";

/** `SLUICE_SOAK_UPLOADS=200 npm run test:e2e soak` is the long one. */
const UPLOADS = Number(process.env["SLUICE_SOAK_UPLOADS"] ?? 24);
const SEED = Number(process.env["SLUICE_SOAK_SEED"] ?? 1);

const KiB = 1024;
const MiB = 1024 * KiB;
const projectDir = fileURLToPath(new URL("../../", import.meta.url));
const credentials = {
  accessKeyId: "soak-key",
  secretAccessKey: "soak-secret-of-thirty-two-chars-x",
};
const FAULTS = { reset: 0.02, slowDown: 0.02, stall: 0.01, lostAnswer: 0.01 };

/** The store in a process of its own, so that it dies alone. */
class StoreProcess {
  readonly port: number;
  readonly #dir: string;
  #child: ChildProcess | null = null;

  constructor(port: number, dir: string) {
    this.port = port;
    this.#dir = dir;
  }

  async start(): Promise<void> {
    this.#child = spawn(process.execPath, ["dist/server/store/main.js"], {
      cwd: projectDir,
      stdio: "ignore",
      env: {
        ...process.env,
        STORE_PORT: String(this.port),
        STORE_DIR: this.#dir,
        STORE_ACCESS_KEY_ID: credentials.accessKeyId,
        STORE_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
    });
    const answers = () =>
      fetch(`http://127.0.0.1:${this.port}/`).then(
        () => true,
        () => false,
      );
    await expect.poll(answers, { timeout: 30_000 }).toBe(true);
  }

  async kill(): Promise<void> {
    if (!this.#child) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
    this.#child = null;
  }
}

/** Sizes as people have them: many small files, some of a few parts. */
function sizeOf(random: () => number): number {
  const kind = random();
  if (kind < 0.4) return Math.ceil(random() * 900 * KiB);
  if (kind < 0.8) return MiB + Math.floor(random() * 14 * MiB);
  return 17 * MiB + Math.floor(random() * 24 * MiB);
}

interface Scene {
  readonly page: Page;
  readonly sluice: SluiceServer;
  readonly store: StoreProcess;
  readonly line: Shaper;
  readonly random: () => number;
  readonly files: ReadonlyMap<string, { readonly path: string; readonly sizeBytes: number }>;
}

/** Chooses every file again that has not arrived, as a person does after a reload. */
async function chooseMissing({ page, sluice, files }: Scene): Promise<void> {
  const there = await sluice.objects();
  const missing = [...files].filter(([name, { sizeBytes }]) => there.get(name) !== sizeBytes);
  if (missing.length === 0) return;
  await new UploadPage(page).chooseFiles(...missing.map(([, { path }]) => path));
}

const PERILS: readonly ((scene: Scene) => Promise<void>)[] = [
  async ({ sluice }) => {
    await sluice.kill();
    await sluice.start();
  },
  async ({ store, random }) => {
    await store.kill();
    await new Promise((resolve) => setTimeout(resolve, random() * 1500));
    await store.start();
  },
  async (scene) => {
    await scene.page.reload();
    await expect(scene.page.locator('input[type="file"]').first()).toBeAttached();
    await chooseMissing(scene);
  },
  async ({ page, line }) => {
    await page.context().setOffline(true);
    await line.resetAll();
    await page.waitForTimeout(1500);
    await page.context().setOffline(false);
  },
  async ({ line }) => line.resetAll(),
];

test(`${UPLOADS} uploads under random faults all arrive, and none is left incomplete`, async ({
  page,
}) => {
  test.setTimeout(UPLOADS * 8000 + 180_000);
  const random = seededRandom(SEED);
  const folder = mkdtempSync(join(tmpdir(), "sluice-soak-"));
  const store = new StoreProcess(await freePort(), join(folder, "store"));
  await store.start();
  const endpoint = `http://127.0.0.1:${store.port}`;
  const line = await startShaper({
    targetPort: store.port,
    seed: SEED,
    settings: { faults: FAULTS, roundTripMs: 5 },
    bytesPerSecond: 40 * MiB,
  });
  const bucket = "soak";
  await prepareBucket(endpoint, bucket);
  const sluice = await startSluice({ S3_PUBLIC_ENDPOINTS: line.origins.join(",") }, 0, {
    endpoint,
    bucket,
    region: "us-east-1",
    credentials,
  });
  const hashes = new Map<string, string>();
  const files = new Map<string, { path: string; sizeBytes: number }>();
  for (let number = 1; number <= UPLOADS; number += 1) {
    const name = `soak-${number}.bin`;
    const [path, sizeBytes] = [join(folder, name), sizeOf(random)];
    hashes.set(name, writeRandomFile(path, sizeBytes));
    files.set(name, { path, sizeBytes });
  }
  page.on("dialog", (dialog) => void dialog.accept());
  await page.goto(sluice.url);
  const scene: Scene = { page, sluice, store, line, random, files };
  try {
    await chooseMissing(scene);
    const isOver = async () => {
      const there = await sluice.objects().catch(() => new Map<string, number>());
      return [...files].every(([name, { sizeBytes }]) => there.get(name) === sizeBytes);
    };
    while (!(await isOver())) {
      await page.waitForTimeout(1000 + random() * 3000);
      await PERILS[Math.floor(random() * PERILS.length)]?.(scene);
    }
    // What still waits in the page for an answer hears it.
    await line.change({ faults: { reset: 0, slowDown: 0, stall: 0, lostAnswer: 0 } });
    await expect.poll(() => sluice.openUploads(), { timeout: 120_000 }).toBe(0);
    for (const [name, hash] of hashes) expect(await sluice.sha256(name), name).toBe(hash);
  } finally {
    await line.close();
    await sluice.stop();
    await store.kill();
    rmSync(folder, { recursive: true, force: true });
  }
});

async function prepareBucket(endpoint: string, Bucket: string): Promise<void> {
  const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket }));
  const rule = {
    AllowedOrigins: ["*"],
    AllowedMethods: ["GET", "PUT", "POST", "HEAD"],
    AllowedHeaders: ["*"],
    ExposeHeaders: ["ETag", "x-amz-checksum-crc64nvme"],
  };
  await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }));
  client.destroy();
}
