import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
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
    expect(rules[0].ExposeHeaders).toEqual([
      "ETag",
      "x-amz-checksum-crc64nvme",
      "x-amz-checksum-crc32",
      "x-amz-checksum-crc32c",
      "x-amz-checksum-sha256",
    ]);
    expect(rules[0].AllowedMethods).toEqual(expect.arrayContaining(["PUT", "POST", "GET"]));
  });

  test("keeps short lists in a line", () => {
    expect(corsRule(PAGE)).toContain('"AllowedMethods": ["GET", "HEAD", "PUT", "POST"],');
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
