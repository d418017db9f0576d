import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketAclCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { createHash, randomBytes } from "node:crypto";
import { beforeAll, expect } from "vitest";
import { verdict } from "../error-document.ts";
import { objectPath, sendSigned } from "../raw-request.ts";
import { refusalOf } from "../refusal.ts";
import { ruleTest, type Target } from "../target.ts";

/** What is asked for beyond bytes: a server does it or refuses it, and never ignores it in silence. */
export function featureRules(target: Target): void {
  const rule = ruleTest(target);
  const { client } = target;
  let Bucket = "";
  beforeAll(async () => {
    Bucket = await target.makeBucket();
    await client.send(new PutObjectCommand({ Bucket, Key: "there", Body: "there" }));
  });

  const put = (key: string, headers: Record<string, string>) =>
    sendSigned(target, { method: "PUT", path: objectPath(Bucket, key), headers, body: "x" });
  const isAbsent = async (Key: string) =>
    (await refusalOf(client.send(new HeadObjectCommand({ Bucket, Key })))) === "404 NotFound";

  rule("a customer's own encryption key is used or refused", async () => {
    const key = randomBytes(32);
    const answer = await put("sse-c", {
      "x-amz-server-side-encryption-customer-algorithm": "AES256",
      "x-amz-server-side-encryption-customer-key": key.toString("base64"),
      "x-amz-server-side-encryption-customer-key-md5": createHash("md5")
        .update(key)
        .digest("base64"),
    });
    const used = "x-amz-server-side-encryption-customer-algorithm" in answer.headers;
    expect(answer.status >= 400 || used).toBe(true);
    if (!used) expect(await isAbsent("sse-c")).toBe(true);
  });

  rule("a lock on an object is refused where the bucket has none", async () => {
    const answer = await put("locked", {
      "x-amz-object-lock-mode": "COMPLIANCE",
      "x-amz-object-lock-retain-until-date": "2099-01-01T00:00:00Z",
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await isAbsent("locked")).toBe(true);
  });

  rule("a canned ACL that opens the object to everyone is granted or refused", async () => {
    const answer = await put("public", { "x-amz-acl": "public-read" });
    const path = `${target.endpoint}${objectPath(Bucket, "public")}`;
    if (answer.status === 200) expect((await fetch(path)).status).toBe(200);
    else expect(await isAbsent("public")).toBe(true);
  });

  rule("the canned ACL `private`, which holds anyway, is taken", async () => {
    expect(verdict(await put("private", { "x-amz-acl": "private" }))).toBe("200");
  });

  rule("the ACL of bucket and object gives the owner full control", async () => {
    const ofBucket = await client.send(new GetBucketAclCommand({ Bucket }));
    expect(ofBucket.Grants).toMatchObject([{ Permission: "FULL_CONTROL" }]);
    const ofObject = await client.send(new GetObjectAclCommand({ Bucket, Key: "there" }));
    expect(ofObject.Grants).toMatchObject([{ Permission: "FULL_CONTROL" }]);
    expect(ofObject.Owner?.ID).toBe(ofBucket.Owner?.ID);
  });

  rule("the version `null` of an object that has no others is the object", async () => {
    const command = new GetObjectCommand({ Bucket, Key: "there", VersionId: "null" });
    const { Body } = await client.send(command);
    expect(await Body?.transformToString()).toBe("there");
  });

  rule("a version that does not exist is refused, and deleting it deletes nothing", async () => {
    const place = { Bucket, Key: "there", VersionId: "3HL4kqtJvjVBH40Nrjfkd" };
    expect(await refusalOf(client.send(new GetObjectCommand(place)))).toMatch(
      /^(404 NoSuchVersion|400 InvalidArgument)$/,
    );
    await refusalOf(client.send(new DeleteObjectCommand(place)));
    expect(await isAbsent("there")).toBe(false);
  });

  rule("If-Match on DELETE deletes that very object only", async () => {
    const { ETag = "" } = await client.send(
      new PutObjectCommand({ Bucket, Key: "matched", Body: "x" }),
    );
    const remove = (IfMatch: string) =>
      client.send(new DeleteObjectCommand({ Bucket, Key: "matched", IfMatch }));
    expect(await refusalOf(remove('"other"'))).toBe("412 PreconditionFailed");
    expect(await isAbsent("matched")).toBe(false);
    await remove(ETag);
    expect(await isAbsent("matched")).toBe(true);
  });

  const sources: [string, () => string][] = [
    ["with a slash before the bucket", () => `/${Bucket}/there`],
    ["all percent-encoded", () => encodeURIComponent(`/${Bucket}/there`)],
    ["with the version `null`", () => `${Bucket}/there?versionId=null`],
  ];
  for (const [name, source] of sources) {
    rule(`a copy source ${name} is understood`, async () => {
      const Key = `copied ${name}`;
      await client.send(new CopyObjectCommand({ Bucket, Key, CopySource: source() }));
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      expect(await Body?.transformToString()).toBe("there");
    });
  }

  rule("a copy source that names no object is refused", async () => {
    for (const source of ["", "/", Bucket, `${Bucket}/`]) {
      const path = objectPath(Bucket, "sourceless");
      const headers = { "x-amz-copy-source": source };
      const answer = await sendSigned(target, { method: "PUT", path, headers });
      expect(`${source}: ${answer.status}`).toMatch(/: 40[04]$/);
      expect(await isAbsent("sourceless")).toBe(true);
    }
  });

  rule("uploads into a bucket that is not there are NoSuchBucket", async () => {
    const place = { Bucket: "no-such-bucket-anywhere", Key: "x" };
    const create = client.send(new CreateMultipartUploadCommand(place));
    expect(await refusalOf(create)).toBe("404 NoSuchBucket");
    const list = client.send(new ListPartsCommand({ ...place, UploadId: "x" }));
    expect(await refusalOf(list)).toBe("404 NoSuchBucket");
  });

  rule("a part number without an upload ID is refused and overwrites nothing", async () => {
    const ask = { method: "PUT", path: objectPath(Bucket, "there"), body: "part" };
    const answer = await sendSigned(target, { ...ask, query: { partNumber: "1" } });
    expect(answer.status).toBe(400);
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: "there" }));
    expect(await Body?.transformToString()).toBe("there");
  });

  rule("every answer names its request", async () => {
    const answers = [
      await sendSigned(target, { method: "GET", path: "/" }),
      await sendSigned(target, { method: "GET", path: objectPath(Bucket, "there") }),
      await sendSigned(target, { method: "HEAD", path: objectPath(Bucket, "not there") }),
    ];
    const ids = answers.map(({ headers }) => headers["x-amz-request-id"]);
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(ids.length);
  });
}
