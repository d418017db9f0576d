import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  PutBucketCorsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { writeRandomFile } from "../fixtures/random-file.ts";
import { expect, test } from "./fixtures.ts";
import { startSluice, type Storage } from "./sluice-server.ts";
import { UploadPage } from "./upload-page.ts";

const MiB = 1024 * 1024;
const endpoint = process.env["S3_ENDPOINT"];

test("1 GiB goes through the page into the S3 server named by S3_ENDPOINT", async ({
  page,
  folder,
}) => {
  test.skip(endpoint === undefined, "S3_ENDPOINT is not set: `npm run test:s3` sets the scene");
  test.setTimeout(300_000);
  const storage = await makeBucket(endpoint ?? "");
  const sluice = await startSluice({}, 0, storage);
  const { bucket: Bucket, s3 } = sluice;
  const key = "one gibibyte.bin";
  try {
    const uploads = new UploadPage(page);
    const file = join(folder, key);
    const hash = writeRandomFile(file, 1024 * MiB);
    await page.goto(sluice.url);
    await uploads.chooseFiles(file);
    const startedAt = Date.now();
    await uploads.says(key, "Done", 240_000);
    console.log(`    1 GiB in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    expect(await sluice.sha256(key)).toBe(hash);
  } finally {
    await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
    await s3.send(new DeleteBucketCommand({ Bucket }));
    await sluice.stop();
  }
});

/** A new bucket that lets every page in, as an admin would have prepared it. */
async function makeBucket(at: string): Promise<Storage> {
  const storage: Storage = {
    endpoint: at,
    bucket: `sluice-e2e-${randomBytes(4).toString("hex")}`,
    region: process.env["S3_REGION"] ?? "us-east-1",
    credentials: {
      accessKeyId: process.env["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: process.env["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
  };
  const s3 = new S3Client({ ...storage, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: storage.bucket }));
  const CORSRules = [
    {
      AllowedOrigins: ["*"],
      AllowedMethods: ["GET", "PUT", "POST", "HEAD"],
      AllowedHeaders: ["*"],
      ExposeHeaders: ["ETag"],
    },
  ];
  await s3.send(
    new PutBucketCorsCommand({ Bucket: storage.bucket, CORSConfiguration: { CORSRules } }),
  );
  s3.destroy();
  return storage;
}
