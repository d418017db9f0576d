import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { lacksOf } from "../../../../server/s3/bucket/cors-rule.ts";
import { corsCommand, corsRule } from "../../../../web/app/remedy/cors-rule.ts";

const PAGE = "https://upload.example:8443";

/** The words that a POSIX shell makes of a command. */
function shellWords(command: string): string[] {
  const out = execFileSync("sh", ["-c", `printf '%s\\n' ${command.replaceAll("\\\n", " ")}`]);
  return out.toString().trimEnd().split("\n");
}

describe("corsRule", () => {
  test("names the page and exposes what it reads: ETag and checksums", () => {
    const { CORSRules: rules } = JSON.parse(corsRule(PAGE));
    expect(rules).toHaveLength(1);
    expect(rules[0].AllowedOrigins).toEqual([PAGE]);
    expect(rules[0].ExposeHeaders).toEqual(
      expect.arrayContaining(["ETag", "Content-Range", "Retry-After", "x-amz-checksum-crc64nvme"]),
    );
    expect(rules[0].AllowedMethods).toEqual(expect.arrayContaining(["PUT", "POST", "GET"]));
  });

  test("leaves nothing lacking, as the server judges rules", () => {
    const { CORSRules: rules } = JSON.parse(corsRule(PAGE));
    const { AllowedOrigins, AllowedMethods, AllowedHeaders, ExposeHeaders } = rules[0];
    const rule = {
      allowedOrigins: AllowedOrigins,
      allowedMethods: AllowedMethods,
      allowedHeaders: AllowedHeaders,
      exposeHeaders: ExposeHeaders,
      ours: false,
    };
    expect(lacksOf([rule], PAGE)).toEqual([]);
  });

  test("keeps short lists in a line", () => {
    expect(corsRule(PAGE)).toContain('"AllowedMethods": ["PUT", "POST", "GET", "HEAD"],');
  });
});

describe("corsCommand", () => {
  test("reaches a shell as the same JSON", () => {
    const words = shellWords(
      corsCommand({
        bucket: "it's mine",
        pageOrigin: PAGE,
        storageOrigins: ["http://127.0.0.1:9000"],
      }),
    );
    expect(words.slice(0, 7)).toEqual([
      "aws",
      "s3api",
      "put-bucket-cors",
      "--bucket",
      "it's mine",
      "--endpoint-url",
      "http://127.0.0.1:9000",
    ]);
    expect(JSON.parse(words[8] ?? "")).toEqual(JSON.parse(corsRule(PAGE)));
  });

  test("names no endpoint where the storage is AWS itself", () => {
    const storageOrigins = ["https://media.s3.eu-central-1.amazonaws.com"];
    const command = corsCommand({ bucket: "media", pageOrigin: PAGE, storageOrigins });
    expect(command).not.toContain("--endpoint-url");
  });
});
