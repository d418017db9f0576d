import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { scriptBucket } from "./scripted-bucket.ts";
import { xml, xmlError, type S3Script } from "../../scripted-s3.ts";

const NS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const FOREIGN = "<Rule><ID>theirs</ID><Filter/><Status>Enabled</Status><Evaporate/></Rule>";
const withRules = (rules: string) =>
  `<LifecycleConfiguration ${NS}>${rules}</LifecycleConfiguration>`;

let closing: (() => Promise<void>) | undefined;
afterEach(() => closing?.());

async function scene(lifecycle?: string, overrule?: Parameters<typeof scriptBucket>[1]) {
  const documents = new Map(lifecycle === undefined ? [] : [["lifecycle", lifecycle]]);
  const bucket = await scriptBucket(documents, overrule);
  closing = bucket.close;
  return { ...bucket, documents, lifecycle: bucket.configuration.lifecycle };
}

/** Answers one kind of request by itself, from the `from`th on. */
function answer(method: string, give: (response: Parameters<S3Script>[1]) => void, from = 1) {
  let count = 0;
  return (request: Parameters<S3Script>[0], response: Parameters<S3Script>[1]) => {
    if (request.method !== method || ++count < from) return false;
    give(response);
    return true;
  };
}

describe("the lifecycle of a bucket", () => {
  it("is nothing where there is no document", async () => {
    const { lifecycle } = await scene();
    expect(await lifecycle.get()).toEqual({
      supported: true,
      abortIncompleteAfterDays: null,
      rules: [],
    });
  });

  it("gets our rule beside others that nobody here knows", async () => {
    const { lifecycle, documents, changes } = await scene(withRules(FOREIGN));
    const { abortIncompleteAfterDays, rules } = await lifecycle.setAbortRule(3);
    expect(abortIncompleteAfterDays).toBe(3);
    expect(rules.map(({ id, ours }) => [id, ours])).toEqual([
      ["theirs", false],
      ["sluice-app", true],
    ]);
    expect(documents.get("lifecycle")).toContain(`${FOREIGN}<Rule><ID>sluice-app</ID>`);
    expect(changes).toEqual(["once"]);
  });

  it("is sent with length, checksums and the bucket's own minimum size", async () => {
    const minimum = { "x-amz-transition-default-minimum-object-size": "varies_by_storage_class" };
    let reads = 0;
    const { lifecycle, seen } = await scene(withRules(FOREIGN), (request, response) => {
      if (request.method !== "GET" || reads++ > 0) return false;
      response.writeHead(200, minimum).end(withRules(FOREIGN));
      return true;
    });
    await lifecycle.setAbortRule(3);
    const put = seen.find(({ asked }) => asked === "PUT ?lifecycle");
    const { headers = {}, body = "" } = put ?? {};
    expect(headers).toMatchObject({
      ...minimum,
      "content-type": "application/xml",
      "content-length": String(Buffer.byteLength(body)),
      "content-md5": createHash("md5").update(body).digest("base64"),
      "x-amz-content-sha256": createHash("sha256").update(body).digest("hex"),
      "x-amz-checksum-crc32": expect.stringMatching(/^[\w+/]{6}==$/),
    });
  });

  it("is left alone where it is as it was asked for", async () => {
    const { lifecycle, asked } = await scene(withRules(FOREIGN));
    await lifecycle.setAbortRule(3);
    await lifecycle.setAbortRule(3);
    expect(asked().filter((request) => request === "PUT ?lifecycle")).toHaveLength(1);
  });

  it("says what counts where others end uploads too", async () => {
    const rule = (id: string, days: number, scope = "<Filter/>") =>
      `<Rule><ID>${id}</ID>${scope}<Status>Enabled</Status><AbortIncompleteMultipartUpload>` +
      `<DaysAfterInitiation>${days}</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>`;
    const narrow = rule("c", 1, "<Filter><Prefix>a</Prefix></Filter>");
    const { lifecycle } = await scene(withRules(rule("a", 9) + rule("b", 5) + narrow));
    expect((await lifecycle.setAbortRule(7)).abortIncompleteAfterDays).toBe(5);
  });

  it("loses our rule alone, and goes where that was the last", async () => {
    const { lifecycle, documents, asked } = await scene(withRules(FOREIGN));
    await lifecycle.setAbortRule(3);
    await lifecycle.removeAbortRule();
    expect(documents.get("lifecycle")).toMatch(withRules(FOREIGN));
    documents.delete("lifecycle");
    await lifecycle.setAbortRule(3);
    await lifecycle.removeAbortRule();
    expect(documents.size).toBe(0);
    expect(asked()).toContain("DELETE ?lifecycle");
  });

  it("has a rule of ours set anew that somebody switched off", async () => {
    const { lifecycle, documents } = await scene();
    await lifecycle.setAbortRule(3);
    const off = documents.get("lifecycle")?.replace("Enabled", "Disabled") ?? "";
    documents.set("lifecycle", off);
    expect((await lifecycle.get()).abortIncompleteAfterDays).toBeNull();
    expect((await lifecycle.setAbortRule(3)).abortIncompleteAfterDays).toBe(3);
  });

  it("tells of somebody else who changes it at the same moment", async () => {
    const others = withRules(FOREIGN.replace("theirs", "newer"));
    const late = answer("GET", (response) => xml(response, 200, others), 2);
    const { lifecycle } = await scene(withRules(FOREIGN), late);
    await expect(lifecycle.setAbortRule(3)).rejects.toMatchObject({
      code: "configuration-changed",
    });
  });

  it("waits until the bucket shows what was written", async () => {
    let reads = 0;
    const { lifecycle } = await scene(withRules(FOREIGN), (request, response) => {
      if (request.method !== "GET" || ++reads > 2) return false;
      xml(response, 200, withRules(FOREIGN));
      return true;
    });
    expect((await lifecycle.setAbortRule(3)).abortIncompleteAfterDays).toBe(3);
    expect(reads).toBe(3);
  });

  it("is changed by one of us at a time", async () => {
    const { lifecycle, asked } = await scene(withRules(FOREIGN));
    const days = await Promise.all([1, 2, 3].map((day) => lifecycle.setAbortRule(day)));
    expect(days.map(({ abortIncompleteAfterDays }) => abortIncompleteAfterDays)).toEqual([1, 2, 3]);
    const turn = ["GET ?lifecycle", "PUT ?lifecycle", "GET ?lifecycle"];
    expect(asked()).toEqual([...turn, ...turn, ...turn]);
  });

  it.each([
    [501, "NotImplemented"],
    [405, "MethodNotAllowed"],
    [501, "XNotImplemented"],
  ])("is not supported where the storage says %d %s", async (status, code) => {
    const refusal = answer("GET", (response) => xmlError(response, status, code));
    const { lifecycle } = await scene(undefined, refusal);
    expect(await lifecycle.get()).toEqual({
      supported: false,
      abortIncompleteAfterDays: null,
      rules: [],
    });
    await expect(lifecycle.setAbortRule(3)).rejects.toMatchObject({ code: "storage-unsupported" });
  });

  it.each([
    [403, "AccessDenied", "storage-denied"],
    [404, "NoSuchBucket", "bucket-missing"],
    [400, "MalformedXML", "storage-error"],
  ])("has a problem where the storage says %d %s", async (status, s3Code, code) => {
    const refusal = answer("GET", (response) => xmlError(response, status, s3Code));
    const { lifecycle } = await scene(undefined, refusal);
    await expect(lifecycle.get()).rejects.toMatchObject({ code, s3Code });
    await expect(lifecycle.removeAbortRule()).rejects.toMatchObject({ code, s3Code });
  });

  it("is asked for again where the storage is busy", async () => {
    let reads = 0;
    const { lifecycle } = await scene(withRules(FOREIGN), (request, response) => {
      if (request.method !== "GET" || ++reads > 1) return false;
      xmlError(response, 503, "SlowDown");
      return true;
    });
    expect((await lifecycle.get()).rules).toHaveLength(1);
    expect(reads).toBe(2);
  });

  it.each([
    ["an entity of its own", `<!DOCTYPE a [<!ENTITY b "b">]>${withRules("<Rule>&b;</Rule>")}`],
    ["another document", "<ListBucketResult/>"],
    ["an error under 200", "<Error><Code>InternalError</Code></Error>"],
    ["more than anybody reads", `<a>${"x".repeat(3 * 1024 * 1024)}</a>`],
    ["elements without end", "<a>".repeat(200_000)],
    ["nothing", ""],
  ])("is not written over where the storage answered %s", async (_, document) => {
    const { lifecycle, asked } = await scene(document);
    await expect(lifecycle.setAbortRule(3)).rejects.toMatchObject({ code: "storage-error" });
    expect(new Set(asked())).toEqual(new Set(["GET ?lifecycle"]));
  });
});

describe("the CORS rules of a bucket", () => {
  it("come first where they are ours, and leave others in their order", async () => {
    const rule = (id: string) =>
      `<CORSRule><ID>${id}</ID><AllowedOrigin>https://${id}.example</AllowedOrigin>` +
      "<AllowedMethod>GET</AllowedMethod><Novelty>1</Novelty></CORSRule>";
    const { configuration, documents } = await scene();
    documents.set("cors", `<CORSConfiguration>${rule("b")}\n${rule("a")}</CORSConfiguration>`);
    const ours = configuration.cors.propose(["https://app.example"]);
    const { rules } = await configuration.cors.setRule(ours);
    expect(rules.map(({ id }) => id)).toEqual(["sluice-app", "b", "a"]);
    expect(documents.get("cors")).toContain(`</CORSRule>${rule("b")}\n${rule("a")}`);
    await configuration.cors.setRule({ ...ours, allowedOrigins: ["https://new.example"] });
    expect(documents.get("cors")?.split("sluice-app")).toHaveLength(2);
  });
});

describe("the acceleration of a bucket", () => {
  it("is of AWS alone", async () => {
    const { configuration, documents, asked } = await scene();
    const { acceleration } = configuration;
    documents.set("accelerate", "<AccelerateConfiguration/>");
    const obstacle = "Only AWS S3 has Transfer Acceleration, and this storage is another.";
    expect(await acceleration.get()).toEqual({ status: "Unset", obstacle, origins: [] });
    await expect(acceleration.set("Enabled")).rejects.toMatchObject({
      code: "storage-unsupported",
    });
    expect(asked()).not.toContain("PUT ?accelerate");
  });

  it.each([
    ["<AccelerateConfiguration><Status>Enabled</Status></AccelerateConfiguration>", "Enabled"],
    ["<AccelerateConfiguration><Status>Suspended</Status></AccelerateConfiguration>", "Suspended"],
    // As Ceph RGW does.
    ["<ListBucketResult/>", "Unsupported"],
  ])("is read from %s", async (document, status) => {
    const { configuration, documents } = await scene();
    documents.set("accelerate", document);
    expect((await configuration.acceleration.get()).status).toBe(status);
  });
});
