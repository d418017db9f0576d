import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import fc from "fast-check";
import { expect } from "vitest";
import { multipartCalls } from "../multipart-calls.ts";
import { refusalOf } from "../refusal.ts";
import { ruleTest, type Target } from "../target.ts";

const KEYS = ["a", "a/", "a/b", "A", "..", "é", "😀"];

/** One write among many. */
type Step =
  | { readonly kind: "put"; readonly key: string; readonly body: string }
  | { readonly kind: "put new"; readonly key: string; readonly body: string }
  | { readonly kind: "multipart"; readonly key: string; readonly body: string }
  | { readonly kind: "abandon"; readonly key: string; readonly body: string }
  | { readonly kind: "copy"; readonly key: string; readonly from: string }
  | { readonly kind: "delete"; readonly key: string }
  | { readonly kind: "delete many"; readonly keys: readonly string[] };

/** The law of all writes together: a bucket is a map from keys to bytes. */
export function sequenceRules(target: Target): void {
  const rule = ruleTest(target);
  const { client, bucket, create, upload, complete, abort } = multipartCalls(target);

  const put = (Key: string, Body: string, more: object = {}) =>
    client.send(new PutObjectCommand({ Bucket: bucket(), Key, Body, ...more }));

  /** Does `step` to the server and to `model` alike. */
  async function take(step: Step, model: Map<string, string>): Promise<void> {
    const Bucket = bucket();
    switch (step.kind) {
      case "put":
        await put(step.key, step.body);
        model.set(step.key, step.body);
        return;
      case "put new": {
        const verdict = await refusalOf(put(step.key, step.body, { IfNoneMatch: "*" }));
        expect(verdict).toBe(model.has(step.key) ? "412 PreconditionFailed" : "accepted");
        if (verdict === "accepted") model.set(step.key, step.body);
        return;
      }
      case "multipart": {
        const to = await create(step.key);
        await complete(to, [await upload(to, 1, Buffer.from(step.body))]);
        model.set(step.key, step.body);
        return;
      }
      case "abandon": {
        const to = await create(step.key);
        await upload(to, 1, Buffer.from(step.body));
        await abort(to);
        return;
      }
      case "copy": {
        const CopySource = `${Bucket}/${encodeURIComponent(step.from)}`;
        const MetadataDirective = "REPLACE";
        const command = { Bucket, Key: step.key, CopySource, MetadataDirective } as const;
        const verdict = await refusalOf(client.send(new CopyObjectCommand(command)));
        const body = model.get(step.from);
        expect(verdict).toBe(body === undefined ? "404 NoSuchKey" : "accepted");
        if (body !== undefined) model.set(step.key, body);
        return;
      }
      case "delete":
        await client.send(new DeleteObjectCommand({ Bucket, Key: step.key }));
        model.delete(step.key);
        return;
      case "delete many": {
        const Objects = step.keys.map((Key) => ({ Key }));
        await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
        for (const key of step.keys) model.delete(key);
      }
    }
  }

  async function stored(): Promise<Map<string, string>> {
    const Bucket = bucket();
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    const found = new Map<string, string>();
    for (const { Key = "", Size } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      const text = (await Body?.transformToString()) ?? "";
      expect(Buffer.byteLength(text)).toBe(Size);
      found.set(Key, text);
    }
    return found;
  }

  rule("any sequence of writes leaves what it would leave in a map", async () => {
    const model = new Map<string, string>();
    await fc.assert(
      // The bucket goes on from run to run, and the model with it.
      fc.asyncProperty(fc.array(steps(), { minLength: 1, maxLength: 25 }), async (sequence) => {
        for (const step of sequence) await take(step, model);
        expect(await stored()).toEqual(model);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
}

function steps(): fc.Arbitrary<Step> {
  const key = fc.constantFrom(...KEYS);
  const body = fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" });
  return fc.oneof(
    fc.record({ kind: fc.constant("put" as const), key, body }),
    fc.record({ kind: fc.constant("put new" as const), key, body }),
    fc.record({ kind: fc.constant("multipart" as const), key, body }),
    fc.record({ kind: fc.constant("abandon" as const), key, body }),
    fc.record({ kind: fc.constant("copy" as const), key, from: key }),
    fc.record({ kind: fc.constant("delete" as const), key }),
    fc.record({
      kind: fc.constant("delete many" as const),
      keys: fc.uniqueArray(key, { minLength: 1, maxLength: 4 }),
    }),
  );
}
