import {
  CreateMultipartUploadCommand,
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  type LifecycleRule,
} from "@aws-sdk/client-s3";
import { expect } from "vitest";
import { verdict } from "../error-document.ts";
import { objectPath, sendSigned } from "../raw-request.ts";
import { refusalOf } from "../refusal.ts";
import { ruleTest, type Target } from "../target.ts";

const DAY_MS = 86_400_000;

/** Lifecycle configuration: what is put comes back; what it will do is announced. */
export function lifecycleRules(target: Target): void {
  const rule = ruleTest(target);
  const { client } = target;

  const put = (Bucket: string, Rules: LifecycleRule[]) =>
    client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }),
    );
  const get = async (Bucket: string) => {
    const command = new GetBucketLifecycleConfigurationCommand({ Bucket });
    return (await client.send(command)).Rules ?? [];
  };

  const kept: [string, LifecycleRule][] = [
    [
      "that aborts uploads under a prefix",
      {
        ID: "abort",
        Status: "Enabled",
        Filter: { Prefix: "in/<&>/" },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ],
    [
      "that expires after days, switched off",
      {
        ID: "expire",
        Status: "Disabled",
        Filter: { Prefix: "tmp/" },
        Expiration: { Days: 30 },
      },
    ],
    [
      "that expires at a date",
      {
        ID: "dated",
        Status: "Enabled",
        Filter: { Prefix: "old/" },
        Expiration: { Date: new Date("2040-01-01T00:00:00.000Z") },
      },
    ],
    [
      "filtered by one tag",
      {
        ID: "tag",
        Status: "Enabled",
        Filter: { Tag: { Key: "keep", Value: "no" } },
        Expiration: { Days: 1 },
      },
    ],
    [
      "filtered by prefix and tags",
      {
        ID: "and",
        Status: "Enabled",
        Filter: {
          And: {
            Prefix: "logs/",
            Tags: [
              { Key: "a", Value: "1" },
              { Key: "b", Value: "" },
            ],
          },
        },
        Expiration: { Days: 365 },
      },
    ],
    [
      "filtered by size",
      {
        ID: "size",
        Status: "Enabled",
        Filter: { And: { Prefix: "", ObjectSizeGreaterThan: 500, ObjectSizeLessThan: 64_000 } },
        Expiration: { Days: 9 },
      },
    ],
    [
      "for all objects by an empty filter",
      {
        ID: "all",
        Status: "Enabled",
        Filter: { Prefix: "" },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
    ],
    [
      "whose actions need versions or colder classes",
      {
        ID: "beyond one disk",
        Status: "Enabled",
        Filter: { Prefix: "cold/" },
        Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" }],
        NoncurrentVersionExpiration: { NoncurrentDays: 10, NewerNoncurrentVersions: 2 },
      },
    ],
  ];
  for (const [name, lifecycleRule] of kept) {
    rule(`a lifecycle rule ${name} comes back as it was put`, async () => {
      const Bucket = await target.makeBucket();
      await put(Bucket, [lifecycleRule]);
      expect(await get(Bucket)).toEqual([lifecycleRule]);
    });
  }

  rule("several rules come back together", async () => {
    const Bucket = await target.makeBucket();
    const rules = kept.slice(0, 2).map(([, lifecycleRule]) => lifecycleRule);
    await put(Bucket, rules);
    const byId = (a: LifecycleRule, b: LifecycleRule) => (a.ID ?? "").localeCompare(b.ID ?? "");
    expect((await get(Bucket)).toSorted(byId)).toEqual(rules.toSorted(byId));
  });

  rule("a rule without an ID is given one", async () => {
    const Bucket = await target.makeBucket();
    await put(Bucket, [{ Status: "Enabled", Filter: { Prefix: "x" }, Expiration: { Days: 1 } }]);
    expect((await get(Bucket))[0]?.ID).toBeTruthy();
  });

  rule("a deleted configuration is NoSuchLifecycleConfiguration", async () => {
    const Bucket = await target.makeBucket();
    await put(
      Bucket,
      kept.slice(0, 1).map(([, lifecycleRule]) => lifecycleRule),
    );
    await client.send(new DeleteBucketLifecycleCommand({ Bucket }));
    expect(await refusalOf(get(Bucket))).toBe("404 NoSuchLifecycleConfiguration");
  });

  rule("an upload under a rule is told when it will be aborted, and by which", async () => {
    const Bucket = await target.makeBucket();
    await put(Bucket, [
      {
        ID: "abort in/",
        Status: "Enabled",
        Filter: { Prefix: "in/" },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
      },
    ]);
    const upload = { Bucket, Key: "in/file" };
    const created = await client.send(new CreateMultipartUploadCommand(upload));
    // S3 aborts at the first midnight (UTC) after the days have passed.
    const abortAt = Math.ceil((Date.now() + 3 * DAY_MS) / DAY_MS) * DAY_MS;
    expect(created.AbortRuleId).toBe("abort in/");
    expect(Number(created.AbortDate)).toBe(abortAt);
    const listed = await client.send(
      new ListPartsCommand({ ...upload, UploadId: created.UploadId }),
    );
    expect({ id: listed.AbortRuleId, at: Number(listed.AbortDate) }).toEqual({
      id: "abort in/",
      at: abortAt,
    });
    const other = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "out/file" }));
    expect(other.AbortDate).toBeUndefined();
  });

  rule("an object under a rule is told when it will expire, and by which", async () => {
    const Bucket = await target.makeBucket();
    await put(Bucket, [
      { ID: "gone soon", Status: "Enabled", Filter: { Prefix: "tmp/" }, Expiration: { Days: 2 } },
    ]);
    await client.send(new PutObjectCommand({ Bucket, Key: "tmp/x", Body: "x" }));
    const { Expiration = "" } = await client.send(new HeadObjectCommand({ Bucket, Key: "tmp/x" }));
    expect(Expiration).toMatch(/^expiry-date="[A-Z][a-z]{2}, [^"]+ GMT", rule-id="gone%20soon"$/);
    const expiresAt = Date.parse(/expiry-date="([^"]+)"/.exec(Expiration)?.[1] ?? "");
    expect(expiresAt).toBe(Math.ceil((Date.now() + 2 * DAY_MS) / DAY_MS) * DAY_MS);
  });

  const action = "<Expiration><Days>1</Days></Expiration>";
  const filter = "<Filter><Prefix></Prefix></Filter>";
  const status = "<Status>Enabled</Status>";
  const faulty: [string, string][] = [
    ["no rule", ""],
    ["a rule without a status", `<Rule>${filter}${action}</Rule>`],
    ["an unknown status", `<Rule>${filter}<Status>On</Status>${action}</Rule>`],
    ["a rule without an action", `<Rule>${filter}${status}</Rule>`],
    ["zero days", `<Rule>${filter}${status}<Expiration><Days>0</Days></Expiration></Rule>`],
    ["one ID twice", `<Rule><ID>a</ID>${filter}${status}${action}</Rule>`.repeat(2)],
    [
      "an ID of 256 characters",
      `<Rule><ID>${"x".repeat(256)}</ID>${filter}${status}${action}</Rule>`,
    ],
  ];
  for (const [name, rules] of faulty) {
    rule(`a lifecycle configuration with ${name} is refused`, async () => {
      const Bucket = await target.makeBucket();
      const body = `<LifecycleConfiguration>${rules}</LifecycleConfiguration>`;
      const ask = { method: "PUT", path: objectPath(Bucket), query: { lifecycle: "" }, body };
      expect(verdict(await sendSigned(target, ask))).toMatch(
        /^400 (MalformedXML|InvalidArgument|InvalidRequest)$/,
      );
      expect(await refusalOf(get(Bucket))).toBe("404 NoSuchLifecycleConfiguration");
    });
  }
}
