/** Archived objects over a real socket, as the AWS SDK meets them. */
import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  InvalidObjectState,
  PutObjectCommand,
  RestoreObjectCommand,
  S3ServiceException,
  SelectObjectContentCommand,
  UploadPartCopyCommand,
  type RestoreRequest,
  type StorageClass,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { select } from "../../../server/select/index.ts";
import { startedStore, type StartedStore } from "./started-store.ts";

const Bucket = "vault";
const Key = "old.csv";
const TEXT = "a,1\nb,2\n";
const RESTORE_MS = 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;

let store: StartedStore;
let aheadMs = 0;

beforeAll(async () => {
  const clock = () => Date.now() + aheadMs;
  store = await startedStore({ select, restoreMs: RESTORE_MS, clock });
  // Signatures are judged by the store's clock; the client learns another from the answers' dates.
  store.client.middlewareStack.add(
    (next) => (given) => {
      store.client.config.systemClockOffset = aheadMs;
      return next(given);
    },
    { step: "initialize" },
  );
  await store.client.send(new CreateBucketCommand({ Bucket }));
});

beforeEach(async () => {
  aheadMs = 0;
  await archive("GLACIER");
});

afterAll(() => store.remove());

function archive(StorageClass: StorageClass) {
  return store.client.send(new PutObjectCommand({ Bucket, Key, Body: TEXT, StorageClass }));
}

const head = () => store.client.send(new HeadObjectCommand({ Bucket, Key }));

async function read(): Promise<string | undefined> {
  const { Body } = await store.client.send(new GetObjectCommand({ Bucket, Key }));
  return Body?.transformToString();
}

/** The status of the answer. */
async function restore(request: RestoreRequest): Promise<number | undefined> {
  const command = new RestoreObjectCommand({ Bucket, Key, RestoreRequest: request });
  return (await store.client.send(command)).$metadata.httpStatusCode;
}

async function count(): Promise<number> {
  const { Payload = [] } = await store.client.send(
    new SelectObjectContentCommand({
      Bucket,
      Key,
      Expression: "SELECT * FROM S3Object",
      ExpressionType: "SQL",
      InputSerialization: { CSV: {} },
      OutputSerialization: { CSV: {} },
    }),
  );
  let bytes = 0;
  for await (const { Records } of Payload) bytes += Records?.Payload?.length ?? 0;
  return bytes;
}

/** S3's code and status of what is refused. */
async function refusal(action: Promise<unknown>): Promise<readonly [string, number | undefined]> {
  const error: unknown = await action.then(
    () => "done",
    (reason: unknown) => reason,
  );
  if (!(error instanceof S3ServiceException)) throw error;
  return [error.name, error.$metadata.httpStatusCode];
}

describe.each(["GLACIER", "DEEP_ARCHIVE"] as const)("an object of class %s", (storageClass) => {
  beforeEach(() => archive(storageClass));

  test("is described, and not read, asked or copied", async () => {
    const { StorageClass, ContentLength, Restore } = await head();
    expect([StorageClass, ContentLength, Restore]).toEqual([storageClass, 8, undefined]);
    const attributes = new GetObjectAttributesCommand({
      Bucket,
      Key,
      ObjectAttributes: ["StorageClass"],
    });
    expect((await store.client.send(attributes)).StorageClass).toBe(storageClass);
    const CopySource = `${Bucket}/${Key}`;
    const copy = new CopyObjectCommand({ Bucket, Key: "copy", CopySource });
    const { UploadId } = await store.client.send(
      new CreateMultipartUploadCommand({ Bucket, Key: "parts" }),
    );
    const part = { Bucket, Key: "parts", UploadId, PartNumber: 1, CopySource };
    const state = ["InvalidObjectState", 403];
    expect(await refusal(read())).toEqual(state);
    expect(await refusal(count())).toEqual(state);
    expect(await refusal(store.client.send(copy))).toEqual(state);
    expect(await refusal(store.client.send(new UploadPartCopyCommand(part)))).toEqual(state);
  });

  test("says its class where it is refused", async () => {
    const error: unknown = await read().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidObjectState);
    expect(error).toMatchObject({ StorageClass: storageClass });
  });

  test("is restored after a while, read for some days, and archived again", async () => {
    expect(await restore({ Days: 2, GlacierJobParameters: { Tier: "Bulk" } })).toBe(202);
    expect((await head()).Restore).toBe('ongoing-request="true"');
    expect(await refusal(read())).toEqual(["InvalidObjectState", 403]);
    expect(await refusal(restore({ Days: 2 }))).toEqual(["RestoreAlreadyInProgress", 409]);

    aheadMs = RESTORE_MS;
    const { Restore, StorageClass } = await head();
    expect(StorageClass).toBe(storageClass);
    const until = Date.parse(/expiry-date="(.*)"/.exec(Restore ?? "")?.[1] ?? "");
    expect(until % DAY_MS).toBe(0);
    expect(until - Date.now()).toBeGreaterThanOrEqual(2 * DAY_MS);
    expect(await read()).toBe(TEXT);
    expect(await count()).toBe(TEXT.length);

    aheadMs = until - Date.now() + 1000;
    expect((await head()).Restore).toBeUndefined();
    expect(await refusal(read())).toEqual(["InvalidObjectState", 403]);
    expect(await restore({ Days: 1 })).toBe(202);
  });
});

test("a copy that is there stays longer when it is asked for again", async () => {
  await restore({ Days: 1 });
  aheadMs = RESTORE_MS;
  const before = (await head()).Restore;
  expect(await restore({ Days: 5 })).toBe(200);
  expect((await head()).Restore).not.toBe(before);
  expect(await read()).toBe(TEXT);
});

test("a restored object can be copied to a class that needs no restoring", async () => {
  await restore({ Days: 1 });
  aheadMs = RESTORE_MS;
  const CopySource = `${Bucket}/${Key}`;
  const copy = new CopyObjectCommand({ Bucket, Key, CopySource, StorageClass: "STANDARD" });
  await store.client.send(copy);
  const { StorageClass, Restore } = await head();
  expect([StorageClass, Restore]).toEqual([undefined, undefined]);
  expect(await read()).toBe(TEXT);
});

describe("what cannot be restored is refused", () => {
  test.each(["STANDARD", "STANDARD_IA", "GLACIER_IR"] as const)("%s", async (storageClass) => {
    await archive(storageClass);
    expect(await read()).toBe(TEXT);
    expect(await refusal(restore({ Days: 1 }))).toEqual(["InvalidObjectState", 403]);
  });

  test("a tier that the class has not, and a request that says no days", async () => {
    expect(await refusal(restore({}))).toEqual(["MalformedXML", 400]);
    expect(await refusal(restore({ Days: 0 }))).toEqual(["InvalidArgument", 400]);
    await archive("DEEP_ARCHIVE");
    const expedited = { Days: 1, GlacierJobParameters: { Tier: "Expedited" } } as const;
    expect(await refusal(restore(expedited))).toEqual(["InvalidArgument", 400]);
  });

  test("what is not there", async () => {
    const RestoreRequest = { Days: 1 };
    const command = new RestoreObjectCommand({ Bucket, Key: "none", RestoreRequest });
    expect(await refusal(store.client.send(command))).toEqual(["NoSuchKey", 404]);
  });
});
