/**
 * Debian's standard clients against the server named by `S3_ENDPOINT`, else an embedded store: each is
 * skipped, with the reason, where it is not installed.
 */
import {
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { awkwardPaths } from "../fixtures/awkward-names.ts";
import { writeRandomFile } from "../fixtures/random-file.ts";
import {
  awsClient,
  fileHash,
  missingClient,
  rcloneClient,
  s3cmdClient,
  treeHashes,
  type RunClient,
} from "./client-process.ts";
import { openTarget } from "./target.ts";

const LARGE_BYTES = 21 * 1024 * 1024 + 1;

const target = await openTarget();
const home = await mkdtemp(join(tmpdir(), "sluice-clients-"));
afterAll(async () => {
  await target.close();
  await rm(home, { recursive: true, force: true });
});

const source = join(home, "source");
for (const path of awkwardPaths(60)) {
  mkdirSync(dirname(join(source, path)), { recursive: true });
  writeFileSync(join(source, path), randomBytes(1_000));
}
writeFileSync(join(source, "empty"), "");
const sourceHashes = treeHashes(source);
const large = join(home, "large file.bin");
const largeHash = writeRandomFile(large, LARGE_BYTES);

/** A place for what a client downloads. */
const place = (name: string) => join(home, "down", randomBytes(4).toString("hex"), name);

const keysOf = async (Bucket: string) => {
  const { Contents = [] } = await target.client.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key }) => Key).toSorted();
};

/** A describe whose tests get the client, or are skipped with the reason. */
function withClient(
  command: string,
  open: (target: Awaited<ReturnType<typeof openTarget>>, home: string) => Promise<RunClient>,
  tests: (test: (title: string, body: (client: RunClient) => Promise<void>) => void) => void,
): void {
  const missing = missingClient(command);
  describe(command, () =>
    tests((title, body) =>
      it(title, { timeout: 120_000 }, async (context) => {
        if (missing) context.skip(missing);
        await body(await open(target, home));
      }),
    ),
  );
}

withClient("aws", awsClient, (test) => {
  test("s3 cp carries a file of several parts there and back", async (aws) => {
    const bucket = await target.makeBucket();
    const down = place("large");
    await aws("s3", "cp", large, `s3://${bucket}/a dir/large + é.bin`);
    const Key = "a dir/large + é.bin";
    const { ETag } = await target.client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
    expect(ETag).toMatch(/-5"$/);
    await aws("s3", "cp", `s3://${bucket}/${Key}`, down);
    expect(fileHash(down)).toBe(largeHash);
  });

  test("s3 cp copies within the store, by parts too", async (aws) => {
    const bucket = await target.makeBucket();
    const down = place("copy");
    await aws("s3", "cp", large, `s3://${bucket}/one`);
    await aws("s3", "cp", `s3://${bucket}/one`, `s3://${bucket}/two`);
    await aws("s3", "cp", `s3://${bucket}/two`, down);
    expect(fileHash(down)).toBe(largeHash);
  });

  test("s3 sync carries a folder of awkward names there and back, once", async (aws) => {
    const bucket = await target.makeBucket();
    const down = place("tree");
    await aws("s3", "sync", source, `s3://${bucket}/tree`);
    const keys = Object.keys(sourceHashes).map((path) => `tree/${path}`);
    expect(await keysOf(bucket)).toEqual(keys.toSorted());
    expect(await aws("s3", "sync", source, `s3://${bucket}/tree`)).toBe("");
    await aws("s3", "sync", `s3://${bucket}/tree`, down);
    expect(treeHashes(down)).toEqual(sourceHashes);
  });

  test("s3 ls lists folders and objects, s3 rm removes them", async (aws) => {
    const bucket = await target.makeBucket();
    await aws("s3", "sync", source, `s3://${bucket}/tree`);
    expect(await aws("s3", "ls", `s3://${bucket}`)).toMatch(/PRE tree\//);
    const listed = await aws("s3", "ls", "--recursive", `s3://${bucket}/tree/`);
    expect(listed.trim().split("\n")).toHaveLength(Object.keys(sourceHashes).length);
    await aws("s3", "rm", "--recursive", `s3://${bucket}/tree`);
    expect(await keysOf(bucket)).toEqual([]);
    await aws("s3", "mb", `s3://${bucket}-made`);
    await aws("s3", "rb", `s3://${bucket}-made`);
  });

  test("s3 presign makes a URL that serves the object", async (aws) => {
    const bucket = await target.makeBucket();
    await aws("s3", "cp", join(source, "000/plain.txt"), `s3://${bucket}/a +é.txt`);
    const url = await aws("s3", "presign", `s3://${bucket}/a +é.txt`, "--expires-in", "60");
    const body = Buffer.from(await (await fetch(url.trim())).arrayBuffer());
    expect(body.equals(readFileSync(join(source, "000/plain.txt")))).toBe(true);
  });

  test("s3api makes an object of parts call by call", async (aws) => {
    const bucket = await target.makeBucket();
    const at = ["--bucket", bucket, "--key", "by hand"];
    const ask = async (...args: string[]) => JSON.parse((await aws("s3api", ...args)) || "{}");
    const { UploadId } = await ask("create-multipart-upload", ...at);
    const upload = [...at, "--upload-id", UploadId];
    const Parts: { PartNumber: number; ETag: string }[] = [];
    for (const [index, size] of [6 * 1024 * 1024, 1_000].entries()) {
      const body = join(home, `part-${index}`);
      writeRandomFile(body, size);
      const number = ["--part-number", String(index + 1), "--body", body];
      const { ETag } = await ask("upload-part", ...upload, ...number);
      Parts.push({ PartNumber: index + 1, ETag });
    }
    const listed = await ask("list-parts", ...upload);
    expect(listed.Parts).toMatchObject(Parts);
    const list = JSON.stringify({ Parts });
    const completed = await ask("complete-multipart-upload", ...upload, "--multipart-upload", list);
    expect(completed.ETag).toMatch(/-2"$/);
    const down = place("by hand");
    mkdirSync(dirname(down), { recursive: true });
    await ask("get-object", ...at, down);
    const parts = [0, 1].map((index) => readFileSync(join(home, `part-${index}`)));
    expect(readFileSync(down).equals(Buffer.concat(parts))).toBe(true);
  });

  test("s3api lists an upload in flight and aborts it", async (aws) => {
    const bucket = await target.makeBucket();
    const at = ["--bucket", bucket, "--key", "left behind"];
    const { UploadId } = JSON.parse(await aws("s3api", "create-multipart-upload", ...at));
    const list = async () =>
      JSON.parse((await aws("s3api", "list-multipart-uploads", "--bucket", bucket)) || "{}");
    expect((await list()).Uploads).toMatchObject([{ Key: "left behind", UploadId }]);
    await aws("s3api", "abort-multipart-upload", ...at, "--upload-id", UploadId);
    expect((await list()).Uploads ?? []).toEqual([]);
  });
});

withClient("s3cmd", s3cmdClient, (test) => {
  test("put and get carry small files and files of several parts", async (s3cmd) => {
    const bucket = await target.makeBucket();
    const down = place("large");
    mkdirSync(dirname(down), { recursive: true });
    await s3cmd("put", "--multipart-chunk-size-mb=5", large, `s3://${bucket}/large é.bin`);
    const head = new HeadObjectCommand({ Bucket: bucket, Key: "large é.bin" });
    expect((await target.client.send(head)).ETag).toMatch(/-5"$/);
    await s3cmd("get", `s3://${bucket}/large é.bin`, down);
    expect(fileHash(down)).toBe(largeHash);
    await s3cmd("put", join(source, "000/plain.txt"), `s3://${bucket}/plain.txt`);
    await s3cmd("get", `s3://${bucket}/plain.txt`, `${down}.txt`);
    expect(fileHash(`${down}.txt`)).toBe(sourceHashes["000/plain.txt"]);
  });

  test("sync carries a folder of awkward names there and back", async (s3cmd) => {
    const bucket = await target.makeBucket();
    const down = place("tree");
    mkdirSync(down, { recursive: true });
    await s3cmd("sync", `${source}/`, `s3://${bucket}/tree/`);
    await s3cmd("sync", `s3://${bucket}/tree/`, `${down}/`);
    expect(treeHashes(down)).toEqual(sourceHashes);
  });

  test("ls and info show what is there, del removes it", async (s3cmd) => {
    const bucket = await target.makeBucket();
    const body = readFileSync(join(source, "000/plain.txt"));
    await s3cmd("put", join(source, "000/plain.txt"), `s3://${bucket}/dir/a b.txt`);
    expect(await s3cmd("ls")).toContain(`s3://${bucket}`);
    expect(await s3cmd("ls", `s3://${bucket}`)).toContain(`s3://${bucket}/dir/`);
    expect(await s3cmd("ls", `s3://${bucket}/dir/`)).toContain(`s3://${bucket}/dir/a b.txt`);
    const md5 = createHash("md5").update(body).digest("hex");
    expect(await s3cmd("info", `s3://${bucket}/dir/a b.txt`)).toContain(md5);
    await s3cmd("del", "--recursive", "--force", `s3://${bucket}/dir/`);
    expect(await keysOf(bucket)).toEqual([]);
  });

  test("multipart lists uploads in flight, listmp their parts, abortmp ends them", async (s3cmd) => {
    const bucket = await target.makeBucket();
    const place = { Bucket: bucket, Key: "left/behind" };
    const { UploadId = "" } = await target.client.send(new CreateMultipartUploadCommand(place));
    const part = { ...place, UploadId, PartNumber: 1, Body: "part" };
    const { ETag = "" } = await target.client.send(new UploadPartCommand(part));
    const listed = await s3cmd("multipart", `s3://${bucket}`);
    expect(listed).toContain(`s3://${bucket}/left/behind`);
    expect(listed).toContain(UploadId);
    expect(await s3cmd("listmp", `s3://${bucket}/left/behind`, UploadId)).toContain(
      ETag.replaceAll('"', ""),
    );
    await s3cmd("abortmp", `s3://${bucket}/left/behind`, UploadId);
    const uploads = await target.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(uploads.Uploads ?? []).toEqual([]);
  });
});

withClient("rclone", rcloneClient, (test) => {
  test("copy carries a folder of awkward names, and check finds all hashes equal", async (rclone) => {
    const bucket = await target.makeBucket();
    const down = place("tree");
    await rclone("copy", source, `s3:${bucket}/tree`);
    await rclone("check", source, `s3:${bucket}/tree`);
    await rclone("copy", `s3:${bucket}/tree`, down);
    expect(treeHashes(down)).toEqual(sourceHashes);
    const listed = await rclone("lsf", "-R", "--files-only", `s3:${bucket}/tree`);
    expect(listed.trim().split("\n").toSorted()).toEqual(Object.keys(sourceHashes).toSorted());
  });

  test("a file of several parts keeps its hash and its time", async (rclone) => {
    const bucket = await target.makeBucket();
    const down = place("large");
    await rclone("copyto", large, `s3:${bucket}/large é.bin`);
    const head = new HeadObjectCommand({ Bucket: bucket, Key: "large é.bin" });
    expect((await target.client.send(head)).ETag).toMatch(/-5"$/);
    const md5 = createHash("md5").update(readFileSync(large)).digest("hex");
    expect(await rclone("hashsum", "MD5", `s3:${bucket}/large é.bin`)).toContain(md5);
    await rclone("copyto", `s3:${bucket}/large é.bin`, down);
    expect(fileHash(down)).toBe(largeHash);
    const [listed] = JSON.parse(await rclone("lsjson", `s3:${bucket}/large é.bin`));
    expect(Date.parse(listed.ModTime)).toBe(Math.floor(statSync(large).mtimeMs));
    expect(Math.floor(statSync(down).mtimeMs)).toBe(Math.floor(statSync(large).mtimeMs));
  });

  test("check tells a file that differs", async (rclone) => {
    const bucket = await target.makeBucket();
    await rclone("copyto", join(source, "000/plain.txt"), `s3:${bucket}/one/plain.txt`);
    const other = dirname(place("plain.txt"));
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, "plain.txt"), randomBytes(1_000));
    await expect(rclone("check", other, `s3:${bucket}/one`)).rejects.toThrow("1 differences found");
  });

  test("delete and purge leave nothing", async (rclone) => {
    const bucket = await target.makeBucket();
    await rclone("copy", source, `s3:${bucket}/tree`);
    await rclone("delete", `s3:${bucket}/tree`);
    expect(await keysOf(bucket)).toEqual([]);
  });
});
