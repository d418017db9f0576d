import { afterEach, describe, expect, it } from "vitest";
import { registerName } from "../../../server/s3/register-name.ts";
import { serveScript, xml, xmlError, type S3Script } from "../scripted-s3.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const UPLOAD = { key: "film.mp4", uploadId: "u" };
const LISTING = { prefix: "", limit: 1000, cursor: null, isByKeyAlone: false };
const INITIATED = "2026-11-20T10:00:00.000Z";

const UPLOADS = `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated><Upload>
  <Key>${UPLOAD.key}</Key><UploadId>${UPLOAD.uploadId}</UploadId>
  <Initiated>${INITIATED}</Initiated></Upload></ListMultipartUploadsResult>`;

const NO_OBJECTS = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";

const RULE = (rest: string) => `<LifecycleConfiguration><Rule><ID>r</ID>
  <Status>Enabled</Status>${rest}<AbortIncompleteMultipartUpload>
  <DaysAfterInitiation>2</DaysAfterInitiation></AbortIncompleteMultipartUpload>
  </Rule></LifecycleConfiguration>`;

/** A storage with one upload; each answer of it can be replaced. */
async function storageWith(
  answers: Partial<Record<"uploads" | "list-type" | "lifecycle" | "x-id", S3Script>>,
) {
  const asked: string[] = [];
  const { storage, close } = await serveScript((request, response, body) => {
    const { searchParams } = new URL(request.url ?? "", "http://x");
    const kind = (["uploads", "list-type", "lifecycle", "x-id"] as const).find((name) =>
      searchParams.has(name),
    );
    asked.push(kind ?? "");
    const own = kind === undefined ? undefined : answers[kind];
    if (own) own(request, response, body);
    else if (kind === "uploads") xml(response, 200, UPLOADS);
    else if (kind === "list-type") xml(response, 200, NO_OBJECTS);
    else xmlError(response, 404, "NoSuchLifecycleConfiguration");
  });
  closers.push(close);
  const timesAsked = (kind: string) => asked.filter((one) => one === kind).length;
  return { storage, timesAsked };
}

describe("a storage that throttles its listing", () => {
  it("is asked again", async () => {
    let refusals = 2;
    const { storage } = await storageWith({
      uploads(_request, response) {
        if (refusals-- > 0) xmlError(response, 503, "SlowDown");
        else xml(response, 200, UPLOADS);
      },
    });
    expect((await storage.incomplete.list(LISTING)).uploads).toMatchObject([UPLOAD]);
  });

  it("is busy in the end, so that its page can be asked for again", async () => {
    const { storage, timesAsked } = await storageWith({
      uploads: (_request, response) => xmlError(response, 503, "SlowDown"),
    });
    await expect(storage.incomplete.list(LISTING)).rejects.toMatchObject({
      code: "storage-busy",
      s3Code: "SlowDown",
    });
    expect(timesAsked("uploads")).toBe(3);
  });
});

describe("the rules of the bucket", () => {
  it("are read once for many pages", async () => {
    const { storage, timesAsked } = await storageWith({
      lifecycle: (_request, response) => xml(response, 200, RULE("<Filter/>")),
    });
    for (let page = 0; page < 3; page++) {
      const { uploads } = await storage.incomplete.list(LISTING);
      expect(uploads[0]?.abortsAt).toEqual(new Date("2026-11-23T00:00:00Z"));
    }
    expect(timesAsked("lifecycle")).toBe(1);
  });

  it.each([
    ["<Filter><Prefix>film</Prefix></Filter>", true],
    ["<Prefix>film</Prefix>", true],
    ["<Filter><And><Prefix>film</Prefix></And></Filter>", true],
    ["<Filter><Prefix>other</Prefix></Filter>", false],
    ["<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>", false],
    ["<Filter><ObjectSizeGreaterThan>1</ObjectSizeGreaterThan></Filter>", false],
    ["<Filter><And><Prefix/><ObjectSizeLessThan>1</ObjectSizeLessThan></And></Filter>", false],
  ])("apply by prefix alone: %s", async (filter, applies) => {
    const { storage } = await storageWith({
      lifecycle: (_request, response) => xml(response, 200, RULE(filter)),
    });
    const { uploads } = await storage.incomplete.list(LISTING);
    expect(uploads[0]?.abortsAt !== null).toBe(applies);
  });

  it.each(["AccessDenied", "NotImplemented"])("may be kept from us: %s", async (code) => {
    const { storage } = await storageWith({
      lifecycle: (_request, response) => xmlError(response, 403, code),
    });
    const { uploads } = await storage.incomplete.list(LISTING);
    expect(uploads[0]?.abortsAt).toBeNull();
  });
});

describe("how long an upload was silent", () => {
  it.each([-30, 0, 30])(
    "is judged by the storage's clock, %i minutes from ours",
    async (minutes) => {
      const theirs = () => new Date(Date.now() + minutes * 60_000);
      const heardAt = (secondsAgo: number) => new Date(theirs().getTime() - secondsAgo * 1000);
      let silentSeconds = 60;
      const { storage } = await storageWith({
        "list-type"(_request, response) {
          response.setHeader("date", theirs().toUTCString());
          const name = registerName(UPLOAD, 5, "open");
          const entry = `<Contents><Key>${name}</Key><LastModified>${heardAt(silentSeconds).toISOString()}</LastModified></Contents>`;
          xml(response, 200, `<ListBucketResult>${entry}</ListBucketResult>`);
        },
      });
      const liveness = async () => (await storage.incomplete.list(LISTING)).uploads[0]?.liveness;
      expect(await liveness()).toBe("uploading");
      silentSeconds = 240;
      expect(await liveness()).toBe("paused");
    },
  );
});

describe("an entry of the register that tells of another upload than its name", () => {
  it.each([
    ["k".repeat(1000), 1],
    [UPLOAD.key, 0],
  ])("counts for none", async (named, count) => {
    const { storage } = await storageWith({
      "list-type"(_request, response) {
        const name = registerName({ ...UPLOAD, key: "k".repeat(1000) }, 5, "open");
        const entry = `<Contents><Key>${name}</Key><LastModified>${new Date().toISOString()}</LastModified></Contents>`;
        xml(response, 200, `<ListBucketResult>${entry}</ListBucketResult>`);
      },
      uploads: (_request, response) => xml(response, 200, UPLOADS.replace(UPLOAD.key, named)),
      "x-id": (_request, response) =>
        response.end(JSON.stringify({ ...UPLOAD, key: named, statement: {} })),
    });
    const { uploads } = await storage.incomplete.list({ ...LISTING, isByKeyAlone: true });
    expect(uploads).toHaveLength(count);
  });
});

describe("keys in a listing", () => {
  const listed = (key: string) => UPLOADS.replace(UPLOAD.key, key);
  const said = "<ListMultipartUploadsResult><EncodingType>url</EncodingType>";

  it.each<[string, S3Script]>([
    [
      "encoded, as they were asked for",
      (_request, response) =>
        xml(response, 200, listed("a%20%25b%2B").replace("<ListMultipartUploadsResult>", said)),
    ],
    [
      "encoded without a word, as Ceph RGW has them",
      ({ url = "" }, response) =>
        xml(response, 200, listed(url.includes("encoding-type") ? "a%20%25b%2B" : "a %b+")),
    ],
    ["as they are", (_request, response) => xml(response, 200, listed("a %b+"))],
  ])("are read: %s", async (_, uploads) => {
    const { storage } = await storageWith({ uploads });
    expect((await storage.incomplete.list(LISTING)).uploads[0]?.key).toBe("a %b+");
  });
});

describe("a storage that repeats its marker", () => {
  it("is not asked for ever", async () => {
    const { storage } = await storageWith({
      uploads: (_request, response) =>
        xml(
          response,
          200,
          UPLOADS.replace("false", "true").replace(
            "<Upload>",
            "<NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>i</NextUploadIdMarker><Upload>",
          ),
        ),
    });
    const first = await storage.incomplete.list(LISTING);
    expect(first.next).toEqual({ source: "storage", key: "k", uploadId: "i" });
    expect((await storage.incomplete.list({ ...LISTING, cursor: first.next })).next).toBeNull();
  });
});
