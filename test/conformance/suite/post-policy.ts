import { GetObjectCommand, GetObjectTaggingCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { randomBytes } from "node:crypto";
import { beforeAll, expect } from "vitest";
import { checksumOf } from "../checksum.ts";
import { errorFields, verdict } from "../error-document.ts";
import { postForm, sendForm, type PostForm } from "../post-form.ts";
import { refusalOf } from "../refusal.ts";
import { ruleTest, type Target } from "../target.ts";

/** Uploads by a browser's form under a signed policy. */
export function postPolicyRules(target: Target): void {
  const rule = ruleTest(target);
  const { client } = target;
  let bucket = "";
  beforeAll(async () => {
    bucket = await target.makeBucket();
  });

  const post = (form: Partial<PostForm> & { fields: Record<string, string> }) =>
    postForm(target, {
      bucket,
      file: "posted",
      conditions: [["starts-with", "$key", ""]],
      ...form,
    });
  const head = (Key: string) => client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
  const read = async (Key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };

  rule("a form makes an object and is answered with 204", async () => {
    const file = randomBytes(200_000);
    expect(verdict(await post({ fields: { key: "plain form" }, file }))).toBe("204");
    expect((await read("plain form")).equals(file)).toBe(true);
  });

  rule("success_action_status 201 is answered with where the object is", async () => {
    const answer = await post({
      fields: { key: "created", success_action_status: "201" },
      conditions: [{ key: "created" }, { success_action_status: "201" }],
    });
    expect(answer.status).toBe(201);
    const body = answer.body.toString();
    const { ETag = "" } = await head("created");
    expect(body).toContain("<Key>created</Key>");
    expect(body).toContain(`<Bucket>${bucket}</Bucket>`);
    expect(body.replaceAll("&#34;", '"').replaceAll("&quot;", '"')).toContain(
      `<ETag>${ETag}</ETag>`,
    );
    expect(body).toContain("<Location>");
  });

  rule("success_action_status 200 is 200, another one 204", async () => {
    for (const [asked, status] of [
      ["200", 200],
      ["404", 204],
    ] as const) {
      const fields = { key: "status", success_action_status: asked };
      const conditions = [{ key: "status" }, { success_action_status: asked }];
      expect((await post({ fields, conditions })).status).toBe(status);
    }
  });

  rule("success_action_redirect leads there with bucket, key and ETag", async () => {
    const url = "http://example.test/done?a=1";
    const answer = await post({
      fields: { key: "redirected", success_action_redirect: url },
      conditions: [{ key: "redirected" }, { success_action_redirect: url }],
    });
    expect(answer.status).toBe(303);
    const location = new URL(answer.headers["location"] ?? "");
    expect(location.origin).toBe("http://example.test");
    expect(location.searchParams.get("key")).toBe("redirected");
    expect(location.searchParams.get("bucket")).toBe(bucket);
  });

  rule("${filename} in the key is the name of the file", async () => {
    await post({ fields: { key: "up/${filename}" } });
    expect((await read("up/local name.txt")).toString()).toBe("posted");
  });

  rule("content type, metadata and class of the form are the object's", async () => {
    const fields = {
      key: "described form",
      "Content-Type": "text/x-form",
      "x-amz-meta-a": "ä",
      "x-amz-storage-class": "STANDARD_IA",
    };
    const conditions = Object.entries(fields).map(([name, value]) => ({ [name]: value }));
    expect(verdict(await post({ fields, conditions }))).toBe("204");
    expect(await head("described form")).toMatchObject({
      ContentType: "text/x-form",
      StorageClass: "STANDARD_IA",
    });
  });

  rule("cache-control and encoding of the form are the object's", async () => {
    const fields = {
      key: "cached form",
      "Cache-Control": "max-age=60",
      "Content-Encoding": "gzip",
    };
    const conditions = Object.entries(fields).map(([name, value]) => ({ [name]: value }));
    expect(verdict(await post({ fields, conditions }))).toBe("204");
    const kept = { CacheControl: "max-age=60", ContentEncoding: "gzip" };
    expect(await head("cached form")).toMatchObject(kept);
  });

  rule("tags of the form are the object's", async () => {
    const tagging = "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>";
    await post({
      fields: { key: "tagged form", tagging },
      conditions: [{ key: "tagged form" }, { tagging }],
    });
    const command = new GetObjectTaggingCommand({ Bucket: bucket, Key: "tagged form" });
    expect((await client.send(command)).TagSet).toEqual([{ Key: "a", Value: "1" }]);
  });

  rule("a checksum of the form is verified", async () => {
    const send = (value: string) => {
      const fields = { key: "summed form", "x-amz-checksum-crc32": value };
      const conditions = Object.entries(fields).map(([name, text]) => ({ [name]: text }));
      return post({ fields, conditions });
    };
    expect(verdict(await send(checksumOf("CRC32", Buffer.from("other"))))).toBe("400 BadDigest");
    expect(verdict(await send(checksumOf("CRC32", Buffer.from("posted"))))).toBe("204");
  });

  const key = "refused form";
  const refusals: [string, Partial<PostForm>, string][] = [
    ["an expired policy", { expiresInSeconds: -60 }, "403 AccessDenied"],
    ["a wrong secret", { secretAccessKey: "wrong" }, "403 SignatureDoesNotMatch"],
    [
      "a key outside starts-with",
      { conditions: [["starts-with", "$key", "users/"]] },
      "403 AccessDenied",
    ],
    ["a key that is not the one", { conditions: [["eq", "$key", "other"]] }, "403 AccessDenied"],
    [
      "a file above content-length-range",
      { conditions: [{ key }, ["content-length-range", 0, 5]] },
      "400 EntityTooLarge",
    ],
    [
      "a file below content-length-range",
      { conditions: [{ key }, ["content-length-range", 7, 10]] },
      "400 EntityTooSmall",
    ],
    [
      "a field that the policy does not name",
      { conditions: [{ key }], unsignedFields: { "x-amz-meta-sneaked": "in" } },
      "403 AccessDenied",
    ],
    [
      "another bucket's policy",
      { conditions: [{ key }, { bucket: "another-bucket" }] },
      "403 AccessDenied",
    ],
  ];
  for (const [name, form, code] of refusals) {
    rule(`a form with ${name} is ${code} and makes no object`, async () => {
      expect(verdict(await post({ fields: { key }, ...form }))).toBe(code);
      expect(await refusalOf(head(key))).toBe("404 NotFound");
    });
  }

  rule("a file exactly at the ends of content-length-range is taken", async () => {
    for (const [min, max] of [
      [6, 6],
      [0, 6],
      [6, 9],
    ] as const) {
      const fields = { key: "exact form" };
      const answer = await post({
        fields,
        conditions: [fields, ["content-length-range", min, max]],
      });
      expect(verdict(answer)).toBe("204");
    }
  });

  rule("a form without policy and signature is AccessDenied", async () => {
    const answer = await sendForm(target, { bucket, file: "posted" }, { key });
    expect(verdict(answer)).toBe("403 AccessDenied");
  });

  rule("a policy that was changed after signing is SignatureDoesNotMatch", async () => {
    const policy = Buffer.from(
      JSON.stringify({ expiration: "2099-01-01T00:00:00Z", conditions: [] }),
    ).toString("base64");
    const answer = await post({ fields: { key }, unsignedFields: { policy } });
    expect(verdict(answer)).toBe("403 SignatureDoesNotMatch");
  });

  rule("a form without a key is refused", async () => {
    const answer = await post({ fields: {}, conditions: [] });
    expect(answer.status).toBe(400);
    expect(errorFields(answer)["Code"]).toMatch(
      /^(InvalidArgument|MissingFields|UserKeyMustBeSpecified)$/,
    );
  });
}
