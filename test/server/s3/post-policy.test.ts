import { describe, expect, it } from "vitest";
import { signForm, type FormToSign } from "../../../server/s3/post-policy.ts";
import { createSigner, type SigningMoment } from "../../../server/s3/signature-v4.ts";

const SIGNED_AT = new Date("2015-12-29T00:00:00Z");

/** AWS's own example. */
const moment: SigningMoment = {
  region: "us-east-1",
  credentials: {
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  },
  expiresInSeconds: 3600,
  expiresAt: new Date(SIGNED_AT.getTime() + 3_600_000),
  signingDate: SIGNED_AT,
};

function sign(form: FormToSign, changed: Partial<SigningMoment> = {}) {
  const at = { ...moment, ...changed };
  const fields = signForm(at, createSigner(at), "bucket", form);
  const policy = JSON.parse(Buffer.from(fields["policy"] ?? "", "base64").toString());
  return { fields, policy };
}

const FORM: FormToSign = {
  key: "ä b/<&>.txt",
  fields: { "Content-Type": "text/plain", "x-amz-meta-a": "1" },
  sizeBytes: 5,
};

describe("the form of an upload", () => {
  it("is allowed exactly as it is, the file's length included", () => {
    const { policy } = sign(FORM);
    expect(policy).toEqual({
      expiration: "2015-12-29T01:00:00.000Z",
      conditions: [
        { bucket: "bucket" },
        { key: "ä b/<&>.txt" },
        { "Content-Type": "text/plain" },
        { "x-amz-meta-a": "1" },
        { "x-amz-algorithm": "AWS4-HMAC-SHA256" },
        { "x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request" },
        { "x-amz-date": "20151229T000000Z" },
        ["content-length-range", 5, 5],
      ],
    });
  });

  it("names in its fields all that the policy demands", () => {
    const { fields, policy } = sign(FORM);
    for (const condition of policy.conditions) {
      if (Array.isArray(condition) || "bucket" in condition) continue;
      expect(fields).toMatchObject(condition);
    }
  });

  it("leaves room for the checksum of the file where that is wanted", () => {
    const { policy } = sign({ ...FORM, checksumField: "x-amz-checksum-crc64nvme" });
    expect(policy.conditions.at(-1)).toEqual(["starts-with", "$x-amz-checksum-crc64nvme", ""]);
  });

  it("carries the token of temporary credentials, and demands it", () => {
    const credentials = { ...moment.credentials, sessionToken: "token/+=" };
    const { fields, policy } = sign(FORM, { credentials });
    expect(fields["x-amz-security-token"]).toBe("token/+=");
    expect(policy.conditions).toContainEqual({ "x-amz-security-token": "token/+=" });
  });

  it("is signed as AWS's example is", () => {
    const lines = [
      '{ "expiration": "2015-12-30T12:00:00.000Z",',
      '  "conditions": [',
      '    {"bucket": "sigv4examplebucket"},',
      '    ["starts-with", "$key", "user/user1/"],',
      '    {"acl": "public-read"},',
      '    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},',
      '    ["starts-with", "$Content-Type", "image/"],',
      '    {"x-amz-meta-uuid": "14365123651274"},',
      '    {"x-amz-server-side-encryption": "AES256"},',
      '    ["starts-with", "$x-amz-meta-tag", ""],',
      "",
      '    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},',
      '    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},',
      '    {"x-amz-date": "20151229T000000Z" }',
      "  ]",
      "}",
    ];
    const policy = Buffer.from(lines.join("\r\n")).toString("base64");
    expect(createSigner(moment).sign(policy)).toBe(
      "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e",
    );
  });
});
