import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketAccelerateConfigurationCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect } from "vitest";
import { errorFields, verdict } from "../error-document.ts";
import { objectPath, sendSigned } from "../raw-request.ts";
import { refusalOf } from "../refusal.ts";
import { ruleTest, type Target } from "../target.ts";

/** Buckets: their life, their names, and what hangs on them beside CORS and lifecycle. */
export function bucketRules(target: Target): void {
  const rule = ruleTest(target);
  const { client } = target;

  rule("a created bucket answers HEAD and is listed", async () => {
    const Bucket = await target.makeBucket();
    await client.send(new HeadBucketCommand({ Bucket }));
    const { Buckets = [], Owner } = await client.send(new ListBucketsCommand());
    const listed = Buckets.find(({ Name }) => Name === Bucket);
    expect(Date.now() - Number(listed?.CreationDate)).toBeLessThan(60_000);
    expect(Owner?.ID).toBeTruthy();
    expect(Buckets.map(({ Name }) => Name)).toEqual(Buckets.map(({ Name }) => Name).toSorted());
  });

  rule("creating one's own bucket again in us-east-1 changes nothing", async () => {
    const Bucket = await target.makeBucket();
    await client.send(new PutObjectCommand({ Bucket, Key: "kept", Body: "kept" }));
    const again = await refusalOf(client.send(new CreateBucketCommand({ Bucket })));
    expect(["accepted", "409 BucketAlreadyOwnedByYou"]).toContain(again);
    expect(await refusalOf(client.send(new DeleteBucketCommand({ Bucket })))).toBe(
      "409 BucketNotEmpty",
    );
  });

  rule("a deleted bucket is gone, an unknown one is NoSuchBucket", async () => {
    const Bucket = await target.makeBucket();
    await client.send(new DeleteBucketCommand({ Bucket }));
    expect(await refusalOf(client.send(new HeadBucketCommand({ Bucket })))).toBe("404 NotFound");
    expect(await refusalOf(client.send(new DeleteBucketCommand({ Bucket })))).toBe(
      "404 NoSuchBucket",
    );
    const put = new PutObjectCommand({ Bucket, Key: "a", Body: "a" });
    expect(await refusalOf(client.send(put))).toBe("404 NoSuchBucket");
    await client.send(new CreateBucketCommand({ Bucket }));
  });

  rule("a bucket that holds an object cannot be deleted until it is empty", async () => {
    const Bucket = await target.makeBucket();
    await client.send(new PutObjectCommand({ Bucket, Key: "last", Body: "last" }));
    expect(await refusalOf(client.send(new DeleteBucketCommand({ Bucket })))).toBe(
      "409 BucketNotEmpty",
    );
    await client.send(new DeleteObjectCommand({ Bucket, Key: "last" }));
    await client.send(new DeleteBucketCommand({ Bucket }));
    await client.send(new CreateBucketCommand({ Bucket }));
  });

  rule("names outside DNS rules are refused", async () => {
    const names = ["ab", "Upper-case", "under_score", "-dash", "dash-", "a..b", "192.168.5.4"];
    for (const name of [...names, "x".repeat(64)]) {
      const answer = await sendSigned(target, { method: "PUT", path: `/${name}` });
      expect(`${name}: ${verdict(answer)}`).toBe(`${name}: 400 InvalidBucketName`);
    }
  });

  rule("us-east-1 is an empty location constraint", async () => {
    const Bucket = await target.makeBucket();
    const location = await client.send(new GetBucketLocationCommand({ Bucket }));
    expect(location.LocationConstraint ?? "").toBe("");
  });

  rule("a bucket that was never versioned has no versioning status", async () => {
    const Bucket = await target.makeBucket();
    const versioning = await client.send(new GetBucketVersioningCommand({ Bucket }));
    expect(versioning.Status).toBeUndefined();
  });

  rule("tags of a bucket come back until they are deleted", async () => {
    const Bucket = await target.makeBucket();
    const tagging = new GetBucketTaggingCommand({ Bucket });
    expect(await refusalOf(client.send(tagging))).toBe("404 NoSuchTagSet");
    const TagSet = [
      { Key: "cost centre", Value: "<&>" },
      { Key: "équipe", Value: "" },
    ];
    await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    const kept = await client.send(tagging);
    expect(kept.TagSet).toHaveLength(2);
    expect(kept.TagSet).toEqual(expect.arrayContaining(TagSet));
    await client.send(new DeleteBucketTaggingCommand({ Bucket }));
    expect(await refusalOf(client.send(tagging))).toBe("404 NoSuchTagSet");
  });

  rule("acceleration is off until it is enabled, then suspended", async () => {
    const Bucket = await target.makeBucket();
    const read = async () => {
      const command = new GetBucketAccelerateConfigurationCommand({ Bucket });
      return (await client.send(command)).Status;
    };
    const write = (Status: "Enabled" | "Suspended") =>
      client.send(
        new PutBucketAccelerateConfigurationCommand({
          Bucket,
          AccelerateConfiguration: { Status },
        }),
      );
    expect(await read()).toBeUndefined();
    await write("Enabled");
    expect(await read()).toBe("Enabled");
    await write("Suspended");
    expect(await read()).toBe("Suspended");
  });

  rule("deleting a subresource, known or unknown, never deletes the bucket", async () => {
    const Bucket = await target.makeBucket();
    const names = [
      "cors",
      "lifecycle",
      "tagging",
      "policy",
      "website",
      "encryption",
      "replication",
    ];
    for (const name of [...names, "accelerate", "analytics", "no-such-thing"]) {
      await sendSigned(target, {
        method: "DELETE",
        path: objectPath(Bucket),
        query: { [name]: "" },
      });
      const head = await refusalOf(client.send(new HeadBucketCommand({ Bucket })));
      expect(`${name}: ${head}`).toBe(`${name}: accepted`);
    }
  });

  const absent = {
    policy: "404 NoSuchBucketPolicy",
    website: "404 NoSuchWebsiteConfiguration",
    replication: "404 ReplicationConfigurationNotFoundError",
    cors: "404 NoSuchCORSConfiguration",
    lifecycle: "404 NoSuchLifecycleConfiguration",
  };
  for (const [name, code] of Object.entries(absent)) {
    rule(`GET ?${name} of a bucket that has none is ${code}`, async () => {
      const path = objectPath(await target.makeBucket());
      const answer = await sendSigned(target, { method: "GET", path, query: { [name]: "" } });
      expect(verdict(answer)).toBe(code);
    });
  }

  rule("errors are XML with code, message, resource and the request ID of the header", async () => {
    const Bucket = await target.makeBucket();
    const answer = await sendSigned(target, { method: "GET", path: objectPath(Bucket, "gone") });
    expect(answer.headers["content-type"]).toBe("application/xml");
    const fields = errorFields(answer);
    expect(fields).toMatchObject({ Code: "NoSuchKey", Resource: `/${Bucket}/gone` });
    expect(fields["Message"]).toBeTruthy();
    expect(fields["RequestId"]).toBe(answer.headers["x-amz-request-id"]);
  });

  rule("errors of HEAD have no body", async () => {
    const Bucket = await target.makeBucket();
    const answer = await sendSigned(target, { method: "HEAD", path: objectPath(Bucket, "gone") });
    expect(answer.status).toBe(404);
    expect(answer.body).toHaveLength(0);
  });
}
