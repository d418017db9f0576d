import { createHmac, randomBytes } from "node:crypto";
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deriveSigningKey } from "../../../server/store/http/sigv4/signature.ts";
import { connectRaw } from "./raw-connection.ts";
import { CREDENTIALS, startedStore, type StartedStore } from "./started-store.ts";

const BUCKET = "forms";
let store: StartedStore;
beforeAll(async () => {
  store = await startedStore();
  await store.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterAll(() => store.remove());

interface FormOptions {
  readonly fields?: Readonly<Record<string, string>>;
  readonly conditions?: readonly unknown[];
  readonly secretAccessKey?: string;
  readonly expiresInMs?: number;
}

/** Fields of a form whose policy names all of them, signed. */
function signedFields(options: FormOptions = {}): Record<string, string> {
  const dateTime = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  const scope = { day: dateTime.slice(0, 8), region: "us-east-1" };
  const fields: Record<string, string> = {
    key: "folder/${filename}",
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": `${CREDENTIALS.accessKeyId}/${scope.day}/us-east-1/s3/aws4_request`,
    "x-amz-date": dateTime,
    ...options.fields,
  };
  const exact = Object.entries(fields).filter(([name]) => name !== "key");
  const policy = {
    expiration: new Date(Date.now() + (options.expiresInMs ?? 60_000)).toISOString(),
    conditions: [
      { bucket: BUCKET },
      ["starts-with", "$key", "folder/"],
      ...exact.map(([name, value]) => ({ [name]: value })),
      ...(options.conditions ?? []),
    ],
  };
  const text = Buffer.from(JSON.stringify(policy)).toString("base64");
  const key = deriveSigningKey(options.secretAccessKey ?? CREDENTIALS.secretAccessKey, scope);
  return {
    ...fields,
    policy: text,
    "x-amz-signature": createHmac("sha256", key).update(text).digest("hex"),
  };
}

function post(
  fields: Readonly<Record<string, string>>,
  file: Uint8Array<ArrayBuffer> | string = "hello",
  name = "a.txt",
  headers: Record<string, string> = {},
): Promise<Response> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append("file", new File([file], name));
  form.append("submit", "after the file");
  const request = { method: "POST", headers, body: form, redirect: "manual" } as const;
  return fetch(`${store.endpoint}/${BUCKET}`, request);
}

async function read(Key: string): Promise<Buffer> {
  const { Body } = await store.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

const codeOf = async (response: Response): Promise<string | undefined> =>
  /<Code>(\w+)</.exec(await response.text())?.[1];

describe("a form that its policy allows", () => {
  test("stores any bytes under the name of the file, and answers 204", async () => {
    const file = new Uint8Array(randomBytes(3 * 1024 * 1024));
    const response = await post(signedFields(), file, "ä b&.bin");
    expect(response.status).toBe(204);
    expect(response.headers.get("etag")).toMatch(/^"[0-9a-f]{32}"$/);
    expect(response.headers.get("location")).toContain("/forms/folder/%C3%A4%20b%26.bin");
    expect(Buffer.compare(await read("folder/ä b&.bin"), file)).toBe(0);
  });

  test("keeps its type, metadata and storage class", async () => {
    const fields = {
      key: "folder/with",
      "Content-Type": "text/plain",
      "x-amz-meta-colour": "blue",
      "x-amz-storage-class": "STANDARD_IA",
    };
    expect((await post(signedFields({ fields }))).status).toBe(204);
    const head = await store.client.send(
      new HeadObjectCommand({ Bucket: BUCKET, Key: "folder/with" }),
    );
    expect(head).toMatchObject({
      ContentType: "text/plain",
      Metadata: { colour: "blue" },
      StorageClass: "STANDARD_IA",
      ContentLength: 5,
    });
  });

  test("may be empty", async () => {
    expect((await post(signedFields(), "", "empty")).status).toBe(204);
    expect(await read("folder/empty")).toHaveLength(0);
  });

  test("is answered with the status or the redirect that it asks for", async () => {
    const status = (value: string) =>
      post(signedFields({ fields: { success_action_status: value } }));
    expect((await status("200")).status).toBe(200);
    expect((await status("999")).status).toBe(204);
    const created = await status("201");
    expect(created.status).toBe(201);
    expect(await created.text()).toContain("<Key>folder/a.txt</Key>");
    const fields = { success_action_redirect: "https://page.example/done?x=1" };
    const redirected = await post(signedFields({ fields }));
    expect(redirected.status).toBe(303);
    expect(redirected.headers.get("location")).toMatch(
      /^https:\/\/page\.example\/done\?x=1&bucket=forms&key=folder%2Fa\.txt&etag=%22[0-9a-f]+%22$/,
    );
  });

  test("is answered with the checksum that the store made of its bytes", async () => {
    const { headers } = await post(signedFields());
    expect(headers.get("x-amz-checksum-crc64nvme")).toBe("M3eFcAZSQlc=");
  });

  test("replaces nothing where it says so, like a conditional PutObject", async () => {
    const condition = { "if-none-match": "*" };
    expect((await post(signedFields(), "first", "taken", condition)).status).toBe(204);
    const second = await post(signedFields(), "second", "taken", condition);
    expect([second.status, await codeOf(second)]).toEqual([412, "PreconditionFailed"]);
    expect((await read("folder/taken")).toString()).toBe("first");
    expect((await post(signedFields(), "third", "taken")).status).toBe(204);
    const asField = await post(signedFields({ fields: condition }), "fourth", "taken");
    expect([asField.status, await codeOf(asField)]).toEqual([412, "PreconditionFailed"]);
    expect((await post(signedFields({ fields: condition }), "fifth", "free")).status).toBe(204);
    const unknown = await post(signedFields(), "a", "other", { "if-none-match": '"e"' });
    expect([unknown.status, await codeOf(unknown)]).toEqual([501, "NotImplemented"]);
  });

  test("has its checksum compared", async () => {
    const checksum = (value: string) =>
      post(signedFields({ fields: { "x-amz-checksum-crc32": value } }));
    expect((await checksum("NhCmhg==")).status).toBe(204);
    expect(await codeOf(await checksum("AAAAAA=="))).toBe("BadDigest");
  });
});

describe("a form is refused", () => {
  test.each<[string, () => Promise<Response>, string]>([
    [
      "signed with another key",
      () => post(signedFields({ secretAccessKey: "x" })),
      "SignatureDoesNotMatch",
    ],
    ["expired", () => post(signedFields({ expiresInMs: -1 })), "AccessDenied"],
    [
      "with a field that the policy does not name",
      () => post({ ...signedFields(), "x-amz-meta-a": "b" }),
      "AccessDenied",
    ],
    ["with another key", () => post({ ...signedFields(), key: "elsewhere" }), "AccessDenied"],
    ["without a policy", () => post({ key: "a" }), "AccessDenied"],
    ["without a key", () => post({ policy: "" }), "InvalidArgument"],
    [
      "with a file that is too large",
      () => post(signedFields({ conditions: [["content-length-range", 0, 4]] })),
      "EntityTooLarge",
    ],
    [
      "with a file that is too small",
      () => post(signedFields({ conditions: [["content-length-range", 6, 9]] })),
      "EntityTooSmall",
    ],
    [
      "with endless fields",
      () => post({ ...signedFields(), more: "a".repeat(30_000) }),
      "MaxPostPreDataLengthExceeded",
    ],
    [
      "without a file",
      () => {
        const form = new FormData();
        form.append("key", "a");
        return fetch(`${store.endpoint}/${BUCKET}`, { method: "POST", body: form });
      },
      "IncorrectNumberOfFilesInPostRequest",
    ],
    [
      "of another type",
      () =>
        fetch(`${store.endpoint}/${BUCKET}`, { method: "POST", body: new URLSearchParams("a=b") }),
      "PreconditionFailed",
    ],
  ])("%s", async (_, send, code) => {
    expect(await codeOf(await send())).toBe(code);
  });

  test("and nothing of it is stored", async () => {
    const fields = signedFields({ conditions: [["content-length-range", 6, 9]] });
    await post(fields, "hello", "refused");
    await expect(read("folder/refused")).rejects.toThrow();
  });

  test("that is cut off, with nothing stored", async () => {
    const boundary = "b";
    const parts = Object.entries({ ...signedFields(), key: "folder/cut" })
      .map(
        ([name, value]) =>
          `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join("");
    const file = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nhello`;
    const body = parts + file;
    const raw = connectRaw(store.port);
    raw.write(
      `POST /${BUCKET} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\n` +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(await raw.closed()).toContain("<Code>MalformedPOSTRequest</Code>");
    await expect(read("folder/cut")).rejects.toThrow();
  });
});
