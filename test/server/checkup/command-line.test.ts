import { describe, expect, it } from "vitest";
import { s3api } from "../../../server/checkup/command-line.ts";
import { policyFor } from "../../../server/checkup/policy.ts";

describe("a command line to copy", () => {
  const bucket = { bucket: "films", endpoint: null, region: "eu-central-1" };

  it("is for AWS itself where no endpoint is configured", () => {
    expect(s3api(bucket, "get-bucket-cors").text).toBe(
      "aws --region eu-central-1 s3api get-bucket-cors --bucket films",
    );
  });

  it("names the endpoint, and quotes what a shell would take apart", () => {
    const here = { ...bucket, endpoint: "http://127.0.0.1:9000" };
    expect(s3api(here, "put-bucket-cors", "--cors-configuration", `{"a":"it's"}`).text).toBe(
      "aws --endpoint-url http://127.0.0.1:9000 --region eu-central-1 s3api put-bucket-cors " +
        `--bucket films --cors-configuration '{"a":"it'\\''s"}'`,
    );
  });
});

describe("the policy of what is refused", () => {
  it("has one statement, each action once, for the bucket and its objects", () => {
    const { text } = policyFor({ bucket: "films", region: "us-east-1" }, [
      "s3:PutObject",
      "s3:GetObject",
      "s3:PutObject",
    ]);
    expect(JSON.parse(text)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:PutObject"],
          Resource: ["arn:aws:s3:::films", "arn:aws:s3:::films/*"],
        },
      ],
    });
  });

  it.each([
    ["cn-north-1", "arn:aws-cn:s3:::films"],
    ["us-gov-west-1", "arn:aws-us-gov:s3:::films"],
  ])("names the partition of %s", (region, arn) => {
    const { text } = policyFor({ bucket: "films", region }, ["s3:GetObject"]);
    expect(JSON.parse(text).Statement[0].Resource[0]).toBe(arn);
  });
});
