import { ListMultipartUploadsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterEach, describe, expect, it } from "vitest";
import { connectStorage, type ChecksumCapability } from "../../../server/s3/index.ts";
import { openTarget } from "../../conformance/target.ts";
import { createS3Client } from "../../../server/s3/client.ts";
import { probeAcceleration } from "../../../server/s3/probe/acceleration.ts";
import { listenToScript, serveScript, xml, xmlError, type S3Script } from "../scripted-s3.ts";
import { modelStorage, type Abilities } from "./modelled-storage.ts";

const crc64 = (when: ChecksumCapability["when"]) => ({ algorithm: "CRC64NVME", when }) as const;
const forms = (work: boolean, conditional: boolean, verifyChecksums: boolean) => ({
  work,
  conditional,
  verifyChecksums,
});

const closers: (() => Promise<void>)[] = [];

async function model(abilities: Abilities | (() => Abilities)) {
  const modelled = modelStorage(typeof abilities === "function" ? abilities : () => abilities);
  const { storage, close } = await serveScript(modelled.script);
  closers.push(close);
  return { ...modelled, storage };
}

const OPTIONS = {
  kind: "s3",
  publicEndpoints: [],
  accelerateEndpoints: [],
  equalParts: null,
} as const;

const status = (text: string) =>
  `<AccelerateConfiguration><Status>${text}</Status></AccelerateConfiguration>`;

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe("what a storage can", () => {
  it.each<[string, Abilities, object]>([
    ["nothing", {}, { conditionalWrites: false, checksum: null }],
    [
      "conditions",
      { conditions: true },
      { conditionalWrites: true, cors: "missing", equalParts: false },
    ],
    ["checksums of itself", { checksums: "unasked" }, { checksum: crc64("unasked") }],
    ["checksums when asked", { checksums: "asked" }, { checksum: crc64("asked") }],
    ["checksums that are brought", { checksums: "declared" }, { checksum: crc64("declared") }],
    ["checksums that nobody looks at", { checksums: "unseen" }, { checksum: null }],
    ["uploads by prefix", {}, { uploadListing: "by-prefix" }],
    ["uploads by key alone", { listsByKey: true }, { uploadListing: "by-key" }],
    ["no forms", {}, { formPosts: forms(false, false, false) }],
    ["forms", { forms: {} }, { formPosts: forms(true, false, false) }],
    ["forms without ETags", { forms: { etag: false } }, { formPosts: forms(false, false, false) }],
    [
      "forms on condition",
      { forms: { conditions: true } },
      { formPosts: forms(true, true, false) },
    ],
    [
      "forms with checksums",
      { checksums: "asked", forms: { checksums: true } },
      { formPosts: forms(true, false, true) },
    ],
    [
      "forms whose checksums nobody looks at",
      { checksums: "asked", forms: { checksums: false } },
      { formPosts: forms(true, false, false) },
    ],
  ])("is found, and nothing left behind: %s", async (_, abilities, found) => {
    const { storage, objects, uploads } = await model(abilities);
    expect(await storage.capabilities()).toMatchObject(found);
    expect([objects.size, uploads.size]).toEqual([0, 0]);
  });

  it("is missed in words where it matters", async () => {
    const { storage } = await model({});
    expect((await storage.capabilities()).lacks).toEqual([
      expect.stringContaining("If-None-Match"),
      expect.stringContaining("CORS"),
    ]);
  });

  it("is not what a fault of the moment says", async () => {
    let fails: number | undefined = 500;
    const { storage } = await model(() => ({
      conditions: true,
      ...(fails === undefined ? {} : { fails }),
    }));
    await expect(storage.capabilities()).rejects.toMatchObject({ code: "storage-error" });
    fails = undefined;
    expect(await storage.capabilities()).toMatchObject({ conditionalWrites: true });
  });

  it("is remembered, but not that it could not be asked", async () => {
    let isUp = false;
    const { storage, requests } = await model(() => (isUp ? {} : { fails: 403 }));
    await expect(storage.capabilities()).rejects.toMatchObject({ code: "storage-denied" });
    isUp = true;
    await storage.capabilities();
    const count = requests.length;
    await storage.capabilities();
    expect(requests).toHaveLength(count);
  });

  it("is found of a real server, whose bucket stays empty", async () => {
    const target = await openTarget();
    closers.push(() => target.close());
    const { endpoint, region, accessKeyId, secretAccessKey } = target;
    const bucket = await target.makeBucket();
    const credentials = { accessKeyId, secretAccessKey };
    const place = { bucket, endpoint, region, forcePathStyle: true, credentials };
    const storage = await connectStorage({ ...place, ...OPTIONS });
    const found = await storage.capabilities();
    storage.close();
    const objects = await target.client.send(new ListObjectsV2Command({ Bucket: bucket }));
    const uploads = await target.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect([objects.KeyCount, uploads.Uploads]).toEqual([0, undefined]);
    const isOurs = target.server === "sluice";
    expect(found).toMatchObject({
      conditionalWrites: true,
      checksum: crc64(isOurs ? "unasked" : "asked"),
      formPosts: forms(true, isOurs, true),
    });
  });
});

describe("the embedded store", () => {
  it("is known, and asked for its CORS rules alone", async () => {
    const { script, requests } = modelStorage(() => ({}));
    const { endpoint, close } = await listenToScript(script);
    closers.push(close);
    const storage = await connectStorage({ ...endpoint, ...OPTIONS, kind: "embedded" });
    expect(await storage.capabilities()).toMatchObject({
      conditionalWrites: true,
      checksum: { ...crc64("unasked"), verifiedAtCompletion: true },
      formPosts: { ...forms(true, true, true), keepOptions: true },
      acceleration: false,
    });
    expect(requests).toEqual(["GET cors"]);
    storage.close();
  });
});

describe("acceleration", () => {
  it.each<[string, S3Script, boolean]>([
    ["Enabled", (_, response) => xml(response, 200, status("Enabled")), true],
    ["Suspended", (_, response) => xml(response, 200, status("Suspended")), false],
    ["never set", (_, response) => xml(response, 200, "<AccelerateConfiguration/>"), false],
    ["not to be told", (_, response) => xmlError(response, 403, "AccessDenied"), false],
  ])("that is %s", async (_, script, isEnabled) => {
    const { endpoint, close } = await listenToScript(script);
    closers.push(close);
    const client = createS3Client(endpoint);
    const signal = AbortSignal.timeout(5000);
    expect(await probeAcceleration({ client, bucket: endpoint.bucket, signal })).toBe(isEnabled);
    client.destroy();
  });

  it("is taken from the operator where the operator named its origins", async () => {
    const { endpoint, close } = await listenToScript(modelStorage(() => ({})).script);
    closers.push(close);
    const accelerateEndpoints = ["https://fast.example"];
    const storage = await connectStorage({ ...endpoint, ...OPTIONS, accelerateEndpoints });
    expect(await storage.capabilities()).toMatchObject({ acceleration: true });
    storage.close();
  });
});
