import {
  CreateBucketCommand,
  GetBucketCorsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  PutObjectCommand,
  type CORSRule,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCheckup } from "../../../server/checkup/index.ts";
import { prepareBucket, type S3Endpoint } from "../../../server/s3/index.ts";
import { CheckupResponse, type Check } from "../../../shared/admin-api.ts";
import { makeClient, openOwnStore, type Target } from "../../conformance/target.ts";
import { freePort } from "../../fixtures/free-port.ts";
import { serveBackend, type Backend } from "../serve-backend.ts";
import { startFaultyProxy, type Faults, type FaultyProxy } from "./faulty-proxy.ts";

const SITE = "https://app.example";

/** Added to the storage's clock, in milliseconds. */
let aheadMs = 0;
let target: Target;
const opened: (Backend | FaultyProxy)[] = [];

beforeEach(async () => {
  aheadMs = 0;
  target = await openOwnStore({ clock: () => Date.now() + aheadMs });
});

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  await target.close();
});

function endpointOf(bucket: string, endpoint = target.endpoint): S3Endpoint {
  const { region, accessKeyId, secretAccessKey } = target;
  const credentials = { accessKeyId, secretAccessKey };
  return { bucket, endpoint, region, forcePathStyle: true, credentials };
}

/** A bucket as uploads want it. */
async function soundBucket(): Promise<string> {
  const bucket = await target.makeBucket();
  await prepareBucket(endpointOf(bucket), [SITE]);
  return bucket;
}

/** The checks by their IDs, of a check-up that is asked for directly. */
async function examine(to: S3Endpoint, equalParts: boolean | null = null) {
  const storage = { ...to, kind: "s3", publicEndpoints: [], accelerateEndpoints: [], equalParts };
  const checkup = createCheckup({
    storage: { ...storage, kind: "s3" },
    sites: () => [SITE],
    now: () => new Date(),
  });
  return byId((await checkup.run()).checks);
}

function byId(checks: readonly Check[]) {
  const named = new Map(checks.map((check) => [check.id, check]));
  expect(named.size).toBe(checks.length);
  return {
    ids: [...named.keys()],
    checks,
    of(id: string): Check {
      const check = named.get(id);
      if (check === undefined) throw new Error(`No check is called ${id}`);
      return check;
    },
    /** What is not well. */
    found: checks
      .filter(({ status }) => status === "fail" || status === "warn")
      .map(({ id }) => id),
  };
}

/** The check-up as the admin's page asks for it, and its remedies as its buttons send them. */
async function serve(bucket: string) {
  const backend = await serveBackend(endpointOf(bucket), [], [SITE]);
  opened.push(backend);
  const examineByApi = async () => {
    const response = await fetch(`${backend.url}/api/admin/bucket/checkup`);
    expect(response.status).toBe(200);
    return byId(CheckupResponse.parse(await response.json()).checks);
  };
  const press = async ({ remedy }: Check) => {
    if (remedy?.action === undefined) throw new Error("There is no button");
    const { method, path, body = {} } = remedy.action;
    const headers = { "content-type": "application/json" };
    const request = { method, headers, body: JSON.stringify(body) };
    expect((await fetch(backend.url + path, request)).status).toBe(200);
  };
  return { backend, examine: examineByApi, press };
}

/** A sound bucket behind a storage with faults. */
async function behindFaults(faults: Faults) {
  const bucket = await soundBucket();
  const client = makeClient(target, { requestChecksumCalculation: "WHEN_REQUIRED" });
  const proxy = await startFaultyProxy({ endpoint: target.endpoint, client }, faults);
  opened.push(proxy);
  return endpointOf(bucket, proxy.endpoint);
}

async function setCors(Bucket: string, ...CORSRules: CORSRule[]) {
  await target.client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
}

/** What a person would copy, as JSON. */
function copiedDocument({ remedy }: Check, label: RegExp) {
  return JSON.parse(remedy?.copy?.find((copy) => label.test(copy.label))?.text ?? "");
}

const OPEN: CORSRule = {
  AllowedOrigins: [SITE],
  AllowedMethods: ["GET", "PUT", "POST", "HEAD"],
  AllowedHeaders: ["*"],
};

/** As far as the check-up of a sound bucket has nothing to say. */
async function expectNothingLeft(Bucket: string) {
  const { Contents } = await target.client.send(new ListObjectsV2Command({ Bucket }));
  const { Uploads } = await target.client.send(new ListMultipartUploadsCommand({ Bucket }));
  expect({ Contents, Uploads }).toEqual({ Contents: undefined, Uploads: undefined });
}

const LONG = { timeout: 180_000 };

describe("the check-up", LONG, () => {
  it("finds nothing in a sound bucket, and leaves nothing behind", async () => {
    const bucket = await soundBucket();
    const { found } = await examine(endpointOf(bucket));
    expect(found).toEqual([]);
    await expectNothingLeft(bucket);
  });

  it("finds that there is no CORS rule, and mends it", async () => {
    const { examine: ask, press } = await serve(await target.makeBucket());
    const before = await ask();
    for (const id of ["cors-rules", "cors-preflight", "cors-exposed-headers"]) {
      expect(before.of(id)).toMatchObject({ status: "fail", remedy: { copy: [{}, {}] } });
    }
    await press(before.of("cors-preflight"));
    const after = await ask();
    for (const id of ["cors-rules", "cors-preflight", "cors-exposed-headers"]) {
      expect(after.of(id).status).toBe("pass");
    }
  });

  it("finds a CORS rule that hides ETag, and mends it by the document that it gives to copy", async () => {
    const bucket = await soundBucket();
    await setCors(bucket, { ...OPEN, ExposeHeaders: ["Content-Range"] });
    const before = await examine(endpointOf(bucket));
    expect(before.of("cors-exposed-headers")).toMatchObject({ status: "fail" });
    expect(before.of("cors-exposed-headers").detail).toContain("hides ETag");
    expect(before.of("cors-preflight").status).toBe("pass");
    const { CORSRules } = copiedDocument(before.of("cors-exposed-headers"), /^CORS/);
    await setCors(bucket, ...CORSRules);
    const after = await examine(endpointOf(bucket));
    expect(after.found).toEqual([]);
  });

  it("finds CORS rules for another site, mends it, and leaves them", async () => {
    const bucket = await soundBucket();
    const theirs = { ...OPEN, ID: "theirs", AllowedOrigins: ["https://other.example"] };
    await setCors(bucket, theirs);
    const { examine: ask, press } = await serve(bucket);
    const before = await ask();
    expect(before.of("cors-rules").status).toBe("fail");
    expect(before.of("cors-preflight").status).toBe("fail");
    await press(before.of("cors-rules"));
    expect((await ask()).found).toEqual([]);
    const kept = await target.client.send(new GetBucketCorsCommand({ Bucket: bucket }));
    expect(kept.CORSRules).toContainEqual(theirs);
  });

  it("finds that nothing ends incomplete uploads, and mends it", async () => {
    const { examine: ask, press } = await serve(await target.makeBucket());
    const before = (await ask()).of("lifecycle");
    expect(before.status).toBe("warn");
    await press(before);
    expect((await ask()).of("lifecycle").status).toBe("pass");
  });

  it("finds what the credentials may not, and the policy that it gives mends it", async () => {
    const lacking = [
      "s3:AbortMultipartUpload",
      "s3:GetBucketCORS",
      "s3:ListBucketMultipartUploads",
    ];
    const faults: Faults = { denies: new Set(lacking) };
    const to = await behindFaults(faults);
    const before = await examine(to);
    expect(before.of("permission-abort-multipart-upload").status).toBe("fail");
    expect(before.of("permission-list-multipart-uploads").status).toBe("fail");
    expect(before.of("permission-list-parts").status).toBe("pass");
    expect(before.of("cors-rules").status).toBe("warn");
    const policy = copiedDocument(before.of("permission-abort-multipart-upload"), /^Policy/);
    expect(policy).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: lacking,
          Resource: [`arn:aws:s3:::${to.bucket}`, `arn:aws:s3:::${to.bucket}/*`],
        },
      ],
    });
    const allowed: readonly string[] = policy.Statement[0].Action;
    faults.denies = new Set(lacking.filter((action) => !allowed.includes(action)));
    expect((await examine(to)).found).toEqual([]);
  });

  it("leaves the same few objects every time where it may not delete", async () => {
    const to = await behindFaults({ denies: new Set(["s3:DeleteObject"]) });
    const keys = async () => {
      const list = new ListObjectsV2Command({ Bucket: to.bucket, Prefix: ".sluice/checkup/" });
      return (await target.client.send(list)).Contents?.map(({ Key }) => Key);
    };
    expect((await examine(to)).of("permission-delete-object").status).toBe("fail");
    const first = await keys();
    expect(first?.length).toBeGreaterThan(0);
    await examine(to);
    expect(await keys()).toEqual(first);
  });

  it("finds a wrong secret, and tries nothing else", async () => {
    const right = endpointOf(await soundBucket());
    const credentials = { accessKeyId: target.accessKeyId, secretAccessKey: "another-secret" };
    const before = await examine({ ...right, credentials });
    expect(before.of("endpoint").status).toBe("pass");
    expect(before.of("credentials")).toMatchObject({ status: "fail" });
    expect(before.of("credentials").detail).toContain("SignatureDoesNotMatch");
    expect(before.of("permission-put-object").detail).toMatch(/^Not tried/);
    const after = await examine(right);
    expect(after.found).toEqual([]);
    expect(after.ids).toEqual(before.ids);
  });

  it("finds clocks that are an hour apart", async () => {
    const faults: Faults = { aheadMs: 3_600_000 };
    const to = await behindFaults(faults);
    aheadMs = 3_600_000;
    const before = await examine(to);
    expect(before.of("clock")).toMatchObject({ status: "fail", remedy: { copy: [{}] } });
    expect(before.of("clock").detail).toMatch(/3(599|600|601) s behind/);
    // What is signed anew by the storage's clock is accepted.
    expect(before.found).toEqual(["clock"]);
    aheadMs = 0;
    faults.aheadMs = 0;
    expect((await examine(to)).found).toEqual([]);
  });

  it("finds that there is no bucket, and the command that it gives makes one", async () => {
    const before = await examine(endpointOf("not-yet-made"));
    expect(before.of("bucket")).toMatchObject({ status: "fail" });
    expect(before.of("bucket").detail).toContain("NoSuchBucket");
    const command = before.of("bucket").remedy?.copy?.[0]?.text ?? "";
    const [, Bucket] = /s3api create-bucket --bucket (\S+)$/.exec(command) ?? [];
    await target.client.send(new CreateBucketCommand({ Bucket }));
    const after = await examine(endpointOf("not-yet-made"));
    expect(after.of("bucket").status).toBe("pass");
    expect(after.ids).toEqual(before.ids);
  });

  it("finds a storage that ignores conditions", async () => {
    const to = await behindFaults({ ignoresConditions: true });
    const { of, found } = await examine(to);
    expect(of("conditional-writes").detail).toContain("of PUT and of completions");
    expect(found).toEqual(["conditional-writes"]);
    await expectNothingLeft(to.bucket);
  });

  it("finds a storage that wants equal parts, and the variable that mends it", async () => {
    const to = await behindFaults({ wantsEqualParts: true });
    const { of, found } = await examine(to);
    expect(found).toEqual(["part-sizes"]);
    expect(of("part-sizes").remedy?.copy?.[0]?.text).toBe("S3_EQUAL_PARTS=true");
    expect((await examine(to, true)).of("part-sizes").status).toBe("unsupported");
    await expectNothingLeft(to.bucket);
  });

  it("finds a storage that is full", async () => {
    const faults: Faults = { isFull: true };
    const to = await behindFaults(faults);
    const { of } = await examine(to);
    expect(of("permission-put-object").detail).toContain("no room left");
    expect(of("permission-create-multipart-upload").status).toBe("fail");
    expect(of("permission-head-object").status).toBe("pass");
    faults.isFull = false;
    expect((await examine(to)).found).toEqual([]);
  });

  it("says everything that is refused of a bucket that refuses everything", async () => {
    const sound = await examine(endpointOf(await soundBucket()));
    const to = await behindFaults({ denies: "all" });
    const { of, ids, checks } = await examine(to);
    expect(ids).toEqual(sound.ids);
    expect(of("endpoint").status).toBe("pass");
    expect(of("bucket").status).toBe("warn");
    const operations = checks.filter(({ id }) => id.startsWith("permission-"));
    expect(operations.map(({ status }) => status)).toEqual(operations.map(() => "fail"));
    const { Statement } = copiedDocument(of("permission-put-object"), /^Policy/);
    expect(Statement).toHaveLength(1);
    expect(Statement[0].Action).toEqual(
      expect.arrayContaining([
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetBucketCORS",
        "s3:GetLifecycleConfiguration",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
      ]),
    );
  });

  it("gives a whole answer about a storage that is away", async () => {
    const sound = await examine(endpointOf(await soundBucket()));
    const { of, ids } = await examine(endpointOf("bucket", `http://127.0.0.1:${await freePort()}`));
    expect(ids).toEqual(sound.ids);
    expect(of("endpoint")).toMatchObject({ status: "fail" });
    expect(of("endpoint").detail).toContain("ECONNREFUSED");
    expect(of("credentials").detail).toMatch(/^Not tried/);
  });
});

describe("a browser's own check-up", LONG, () => {
  it("gets URLs that work from every origin, and has the object removed", async () => {
    const bucket = await soundBucket();
    const { backend } = await serve(bucket);
    const url = `${backend.url}/api/admin/bucket/checkup/probe`;
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body: "{}" });
    expect(response.status).toBe(201);
    const { key, origins } = JSON.parse(await response.text());
    expect(origins.map((one: { origin: string }) => one.origin)).toEqual([target.endpoint]);
    const [{ putUrl, getUrl }] = origins;
    expect((await fetch(putUrl, { method: "PUT", body: "0" })).status).toBe(200);
    expect(await (await fetch(getUrl)).text()).toBe("0");
    const remove = (asked: string) =>
      fetch(`${url}?key=${encodeURIComponent(asked)}`, { method: "DELETE" });
    expect((await remove("film.mp4")).status).toBe(403);
    expect((await remove(key)).status).toBe(204);
    expect((await fetch(getUrl)).status).toBe(404);
  });

  it("takes along what others left behind a day ago, and nothing else", async () => {
    const Bucket = await soundBucket();
    const kept = [".sluice/uploads/6b", ".sluicea", "film.mp4"];
    for (const Key of [".sluice/checkup/run-object", ".sluice/checkup/browser-0", ...kept]) {
      await target.client.send(new PutObjectCommand({ Bucket, Key, Body: "0" }));
    }
    const keysAfter = async (hours: number) => {
      const checkup = createCheckup({
        storage: {
          ...endpointOf(Bucket),
          kind: "s3",
          publicEndpoints: [],
          accelerateEndpoints: [],
          equalParts: null,
        },
        sites: () => [SITE],
        now: () => new Date(Date.now() + hours * 3_600_000),
      });
      await checkup.removeProbe((await checkup.openProbe()).key);
      const { Contents } = await target.client.send(new ListObjectsV2Command({ Bucket }));
      return Contents?.map(({ Key }) => Key);
    };
    expect(await keysAfter(23)).toHaveLength(5);
    expect(await keysAfter(25)).toEqual(kept);
  });

  it("gets URLs for as many bytes as it asks for, which take no others", async () => {
    const { backend } = await serve(await soundBucket());
    const url = `${backend.url}/api/admin/bucket/checkup/probe`;
    const headers = { "content-type": "application/json" };
    const open = (sizeBytes: number) =>
      fetch(url, { method: "POST", headers, body: JSON.stringify({ sizeBytes }) });
    const { key, origins, accelerated } = JSON.parse(await (await open(3)).text());
    expect(accelerated).toEqual([]);
    const put = (body: string) => fetch(origins[0].putUrl, { method: "PUT", body });
    expect((await put("0000")).status).toBe(403);
    expect((await put("000")).status).toBe(200);
    await fetch(`${url}?key=${encodeURIComponent(key)}`, { method: "DELETE" });
    expect((await open(17 * 1024 * 1024)).status).toBe(400);
  });
});
