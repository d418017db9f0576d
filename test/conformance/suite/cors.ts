import {
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  type CORSRule,
} from "@aws-sdk/client-s3";
import { beforeAll, expect } from "vitest";
import { verdict } from "../error-document.ts";
import { objectPath, sendPresigned, sendSigned, sendUnsigned } from "../raw-request.ts";
import { refusalOf } from "../refusal.ts";
import { ruleTest, type Target } from "../target.ts";

const APP = "https://app.example.test";
const RULES: CORSRule[] = [
  {
    ID: "app",
    AllowedOrigins: [APP, "https://*.wild.test"],
    AllowedMethods: ["GET", "PUT"],
    AllowedHeaders: ["content-*", "x-amz-meta-a"],
    ExposeHeaders: ["ETag", "x-amz-request-id"],
    MaxAgeSeconds: 600,
  },
  { AllowedOrigins: ["*"], AllowedMethods: ["HEAD"], AllowedHeaders: ["*"] },
];

/** CORS as the bucket's configuration says, on preflights, answers and errors. */
export function corsRules(target: Target): void {
  const rule = ruleTest(target);
  const { client } = target;
  let Bucket = "";
  let path = "";
  beforeAll(async () => {
    Bucket = await target.makeBucket();
    path = objectPath(Bucket, "cors object");
    await client.send(new PutObjectCommand({ Bucket, Key: "cors object", Body: "x" }));
    await client.send(
      new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: RULES } }),
    );
  });

  const preflight = (origin: string, method: string, asked = "", at = path) =>
    sendUnsigned(target, {
      method: "OPTIONS",
      path: at,
      headers: {
        origin,
        "access-control-request-method": method,
        ...(asked && { "access-control-request-headers": asked }),
      },
    });

  rule("the configuration comes back as it was put", async () => {
    const { CORSRules } = await client.send(new GetBucketCorsCommand({ Bucket }));
    expect(CORSRules).toEqual(RULES);
  });

  rule("a preflight that a rule allows says what is allowed and for how long", async () => {
    const answer = await preflight(APP, "PUT", "Content-Type, x-amz-meta-a");
    expect(answer).toMatchObject({
      status: 200,
      headers: { "access-control-allow-origin": APP, "access-control-max-age": "600" },
    });
    const { headers } = answer;
    expect(headers["access-control-allow-methods"]).toContain("PUT");
    const allowed = headers["access-control-allow-headers"]?.toLowerCase().split(/, ?/);
    expect(allowed).toEqual(["content-type", "x-amz-meta-a"]);
    expect(headers["access-control-expose-headers"]).toContain("ETag");
    expect(headers["vary"]?.toLowerCase()).toContain("origin");
    expect(answer.body).toHaveLength(0);
  });

  rule("a preflight needs no signature and no object", async () => {
    const answer = await preflight(APP, "PUT", "", objectPath(Bucket, "not there"));
    expect(answer.status).toBe(200);
  });

  const denied: [string, string, string, string][] = [
    ["another origin", "https://evil.test", "PUT", ""],
    ["another scheme", "http://app.example.test", "PUT", ""],
    ["another method", APP, "DELETE", ""],
    ["another header", APP, "PUT", "content-type, x-other"],
    ["an origin that only ends alike", "https://wild.test", "PUT", ""],
  ];
  for (const [name, origin, method, asked] of denied) {
    rule(`a preflight with ${name} is AccessForbidden without CORS headers`, async () => {
      const answer = await preflight(origin, method, asked);
      expect(verdict(answer)).toBe("403 AccessForbidden");
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    });
  }

  rule("a wildcard within an origin matches any text", async () => {
    const answer = await preflight("https://a.b.wild.test", "PUT");
    expect(answer.headers["access-control-allow-origin"]).toBe("https://a.b.wild.test");
  });

  rule(
    "the wildcard origin answers with a star, its wildcard header with what was asked",
    async () => {
      const answer = await preflight("https://anyone.test", "HEAD", "x-anything");
      expect(answer.headers["access-control-allow-origin"]).toBe("*");
      expect(answer.headers["access-control-allow-headers"]).toBe("x-anything");
    },
  );

  rule("a preflight without a method is refused", async () => {
    const answer = await sendUnsigned(target, {
      method: "OPTIONS",
      path,
      headers: { origin: APP },
    });
    expect([400, 403]).toContain(answer.status);
  });

  rule("an actual answer shows origin and exposed headers to whom the rule allows", async () => {
    const { headers } = await sendPresigned(target, {
      method: "GET",
      path,
      headers: { origin: APP },
    });
    expect(headers["access-control-allow-origin"]).toBe(APP);
    expect(headers["access-control-expose-headers"]?.split(/, ?/)).toEqual([
      "ETag",
      "x-amz-request-id",
    ]);
    expect(headers["vary"]?.toLowerCase()).toContain("origin");
  });

  rule("an actual answer to another origin shows nothing", async () => {
    const headers = { origin: "https://evil.test" };
    const answer = await sendPresigned(target, { method: "GET", path, headers });
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  });

  rule("an answer without an Origin has no CORS headers", async () => {
    const answer = await sendPresigned(target, { method: "GET", path });
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  });

  rule("errors of a missing object carry CORS headers", async () => {
    const missing = objectPath(Bucket, "not there");
    const headers = { origin: APP };
    const answer = await sendPresigned(target, { method: "GET", path: missing, headers });
    expect(verdict(answer)).toBe("404 NoSuchKey");
    expect(answer.headers["access-control-allow-origin"]).toBe(APP);
  });

  rule("errors of a missing upload carry CORS headers", async () => {
    const query = { partNumber: "1", uploadId: "gone" };
    const ask = { method: "PUT", path, query, headers: { origin: APP }, body: "x" };
    const answer = await sendPresigned(target, ask);
    expect(verdict(answer)).toBe("404 NoSuchUpload");
    expect(answer.headers["access-control-allow-origin"]).toBe(APP);
  });

  rule("refused signatures carry CORS headers, so that a browser can tell", async () => {
    const ask = { method: "PUT", path, headers: { origin: APP }, body: "x" };
    const wrong = await sendPresigned(target, ask, { secretAccessKey: "wrong" });
    expect(verdict(wrong)).toBe("403 SignatureDoesNotMatch");
    expect(wrong.headers["access-control-allow-origin"]).toBe(APP);
    const signedAt = Date.now() - 3_600_000;
    const expired = await sendPresigned(target, ask, { signedAt, expiresInSeconds: 60 });
    expect(verdict(expired)).toBe("403 AccessDenied");
    expect(expired.headers["access-control-allow-origin"]).toBe(APP);
  });

  rule("without a configuration preflights are refused and answers show nothing", async () => {
    const bare = await target.makeBucket();
    const at = objectPath(bare, "x");
    expect(verdict(await preflight(APP, "GET", "", at))).toBe("403 AccessForbidden");
    await client.send(new PutObjectCommand({ Bucket: bare, Key: "x", Body: "x" }));
    const answer = await sendPresigned(target, {
      method: "GET",
      path: at,
      headers: { origin: APP },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  });

  rule("a configuration holds until it is deleted", async () => {
    const other = { Bucket: await target.makeBucket() };
    await client.send(
      new PutBucketCorsCommand({ ...other, CORSConfiguration: { CORSRules: RULES } }),
    );
    const at = objectPath(other.Bucket, "x");
    expect((await preflight(APP, "PUT", "", at)).status).toBe(200);
    await client.send(new DeleteBucketCorsCommand(other));
    expect(await refusalOf(client.send(new GetBucketCorsCommand(other)))).toBe(
      "404 NoSuchCORSConfiguration",
    );
    expect((await preflight(APP, "PUT", "", at)).status).toBe(403);
  });

  const faulty: [string, string][] = [
    ["no rule", ""],
    ["an unknown method", ruleXml("<AllowedMethod>PATCH</AllowedMethod>")],
    ["no origin", "<CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule>"],
    [
      "two wildcards in an origin",
      ruleXml("<AllowedMethod>GET</AllowedMethod><AllowedOrigin>*.*</AllowedOrigin>"),
    ],
  ];
  for (const [name, rules] of faulty) {
    rule(`a CORS configuration with ${name} is refused`, async () => {
      const before = await client.send(new GetBucketCorsCommand({ Bucket }));
      const body = `<CORSConfiguration>${rules}</CORSConfiguration>`;
      const ask = { method: "PUT", path: objectPath(Bucket), query: { cors: "" }, body };
      expect(verdict(await sendSigned(target, ask))).toMatch(
        /^400 (MalformedXML|InvalidRequest|InvalidArgument)$/,
      );
      const { CORSRules } = await client.send(new GetBucketCorsCommand({ Bucket }));
      expect(CORSRules).toEqual(before.CORSRules);
    });
  }
}

function ruleXml(content: string): string {
  return `<CORSRule><AllowedOrigin>https://a.test</AllowedOrigin>${content}</CORSRule>`;
}
