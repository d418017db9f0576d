import {
  GetBucketEncryptionCommand,
  GetBucketPolicyStatusCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openOwnStore, type Target } from "../../conformance/target.ts";

let target: Target;
beforeAll(async () => {
  target = await openOwnStore();
});
afterAll(() => target?.close());

it("answers as S3 does about configuration that a bucket has not", async () => {
  const { client } = target;
  const Bucket = await target.makeBucket();
  const refusals = [
    client.send(new GetBucketEncryptionCommand({ Bucket })),
    client.send(new GetBucketPolicyStatusCommand({ Bucket })),
    client.send(new GetPublicAccessBlockCommand({ Bucket })),
  ].map((answer) => answer.then(String, (error: Error) => error.name));
  expect(await Promise.all(refusals)).toEqual([
    "ServerSideEncryptionConfigurationNotFoundError",
    "NoSuchBucketPolicy",
    "NoSuchPublicAccessBlockConfiguration",
  ]);
  expect((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
});
