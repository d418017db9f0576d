/**
 * Documents that `aws s3api` sets stay as they were, save for our rule: with Debian's client, against the
 * server named by `S3_ENDPOINT`, else an embedded store.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { createBucketConfiguration } from "../../../../server/s3/bucket/configuration.ts";
import { createS3Client } from "../../../../server/s3/client.ts";
import { awsClient, missingClient, type RunClient } from "../../../conformance/client-process.ts";
import { openTarget, type Target } from "../../../conformance/target.ts";
import { OLD_LIFECYCLE, RICH_CORS, RICH_LIFECYCLE } from "./rich-documents.ts";

const MISSING = missingClient("aws");

let target: Target;
let home: string;
let aws: RunClient;
beforeAll(async () => {
  target = await openTarget();
  home = await mkdtemp(join(tmpdir(), "sluice-documents-"));
  aws = await awsClient(target, home);
});
afterAll(async () => {
  await target?.close();
  await rm(home, { recursive: true, force: true });
});

/** A bucket with nothing configured, and our configuration of it. */
async function scene() {
  const bucket = await target.makeBucket();
  const { endpoint, region, accessKeyId, secretAccessKey } = target;
  const credentials = { accessKeyId, secretAccessKey };
  const client = createS3Client({ bucket, endpoint, region, forcePathStyle: true, credentials });
  const kind = target.server === "sluice" ? ("embedded" as const) : ("s3" as const);
  const options = { kind, bucket, endpoint, accelerateOrigins: [] };
  const ask = async (command: string, ...args: string[]) =>
    JSON.parse((await aws("s3api", command, "--bucket", bucket, ...args)) || "{}");
  return { ask, ours: createBucketConfiguration(client, options, () => undefined) };
}

type Rule = Readonly<Record<string, unknown>>;

/** The embedded store keeps whatever it was given; Ceph sorts it, and leaves some of it out. */
function expectWhole(kept: unknown, given: unknown): void {
  if (target.server === "sluice") expect(kept).toEqual(given);
}

function test(title: string, run: () => Promise<void>): void {
  it(title, { timeout: 60_000 }, async (context: TestContext) => {
    if (MISSING) context.skip(MISSING);
    await run();
  });
}

describe("lifecycle rules that aws s3api set", () => {
  const put = (lifecycle: object) => ["--lifecycle-configuration", JSON.stringify(lifecycle)];

  test("stay as they were while ours comes, changes and goes", async () => {
    const { ask, ours } = await scene();
    await ask("put-bucket-lifecycle-configuration", ...put(RICH_LIFECYCLE));
    const read = () => ask("get-bucket-lifecycle-configuration");
    const before = await read();
    expectWhole(before.Rules, RICH_LIFECYCLE.Rules);
    for (const days of [3, 9]) {
      expect((await ours.lifecycle.setAbortRule(days)).abortIncompleteAfterDays).toBe(days);
      const { Rules, ...rest } = await read();
      const [rule, ...more] = Rules.filter(({ ID }: Rule) => ID === "sluice-app");
      expect(more).toEqual([]);
      // Ceph writes a rule without conditions in the old form.
      const scope = rule.Filter ? { Filter: { Prefix: "" } } : { Prefix: "" };
      expect(rule).toEqual({
        ID: "sluice-app",
        ...scope,
        Status: "Enabled",
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: days },
      });
      expect({ ...rest, Rules: Rules.filter(({ ID }: Rule) => ID !== "sluice-app") }).toEqual(
        before,
      );
    }
    await ours.lifecycle.removeAbortRule();
    expect(await read()).toEqual(before);
  });

  test("may be of the old form, and get ours in it", async () => {
    const { ask, ours } = await scene();
    await ask("put-bucket-lifecycle-configuration", ...put(OLD_LIFECYCLE));
    const before = await ask("get-bucket-lifecycle-configuration");
    expect((await ours.lifecycle.setAbortRule(4)).abortIncompleteAfterDays).toBe(4);
    await ours.lifecycle.removeAbortRule();
    expect(await ask("get-bucket-lifecycle-configuration")).toEqual(before);
    expectWhole(before.Rules, OLD_LIFECYCLE.Rules);
  });

  test("keep the bucket's minimum size for transitions", async () => {
    const { ask, ours } = await scene();
    const minimum = "varies_by_storage_class";
    const args = ["--transition-default-minimum-object-size", minimum];
    await ask("put-bucket-lifecycle-configuration", ...put(RICH_LIFECYCLE), ...args);
    const read = async () =>
      (await ask("get-bucket-lifecycle-configuration")).TransitionDefaultMinimumObjectSize;
    const before = await read();
    if (target.server === "sluice") expect(before).toBe(minimum);
    await ours.lifecycle.setAbortRule(4);
    expect(await read()).toBe(before);
  });

  test("are gone where ours was the only one", async () => {
    const { ask, ours } = await scene();
    await ours.lifecycle.setAbortRule(4);
    await ours.lifecycle.removeAbortRule();
    // Ceph's answer has no body, of which the client makes an error of its own (NoneType).
    await expect(ask("get-bucket-lifecycle-configuration")).rejects.toThrow(
      /NoSuchLifecycleConfiguration|NoneType/,
    );
    expect((await ours.lifecycle.get()).rules).toEqual([]);
  });
});

describe("CORS rules that aws s3api set", () => {
  test("stay as they were, in their order, behind ours", async () => {
    const { ask, ours } = await scene();
    const put = ["--cors-configuration", JSON.stringify(RICH_CORS)];
    await ask("put-bucket-cors", ...put);
    const before = await ask("get-bucket-cors");
    expectWhole(before, RICH_CORS);
    expect(before.CORSRules.map(({ ID }: Rule) => ID)).toEqual(["z first", "a second"]);
    for (const site of ["https://one.example", "https://two.example"]) {
      const rule = ours.cors.propose([site]);
      expect((await ours.cors.setRule(rule)).rules).toHaveLength(3);
      const { CORSRules } = await ask("get-bucket-cors");
      expect(CORSRules[0]).toMatchObject({ ID: "sluice-app", AllowedOrigins: [site] });
      expect(CORSRules.slice(1)).toEqual(before.CORSRules);
    }
  });
});
