import { S3ServiceException } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { s3CodeOf, toProblem } from "../../../server/s3/s3-error.ts";
import { ProblemError } from "../../../shared/problem.ts";

function answered(name: string, httpStatusCode: number, message = "") {
  return new S3ServiceException({
    name,
    message,
    $fault: "client",
    $metadata: { httpStatusCode },
  });
}

describe("toProblem", () => {
  it.each([
    ["NoSuchUpload", 404, "upload-gone"],
    ["NoSuchBucket", 404, "bucket-missing"],
    ["PreconditionFailed", 412, "key-exists"],
    ["ConditionalRequestConflict", 409, "upload-gone"],
    ["EntityTooSmall", 400, "upload-incomplete"],
    ["SlowDown", 503, "storage-busy"],
    ["ExpiredToken", 400, "storage-denied"],
    ["XMinioStorageFull", 507, "storage-full"],
    ["InternalError", 500, "storage-error"],
    ["NewNameOfTomorrow", 400, "storage-error"],
    ["Unknown", 403, "storage-denied"],
    ["Unknown", 503, "storage-busy"],
  ])("takes %s with %d for %s", (s3Code, status, code) => {
    expect(toProblem(answered(s3Code, status, "Why."), "Do it")).toMatchObject({
      code,
      s3Code,
      message: `Do it: the storage answered ${s3Code}: Why.`,
    });
  });

  it("says the code where the storage left its message empty", () => {
    expect(toProblem(answered("AccessDenied", 403), "Do it").message).toBe(
      "Do it: the storage answered AccessDenied.",
    );
  });

  it("takes no answer for an unreachable storage", () => {
    const timeout = new DOMException("The operation timed out.", "TimeoutError");
    expect(toProblem(timeout, "Do it")).toMatchObject({
      code: "storage-unreachable",
      cause: timeout,
    });
  });

  it("tells missing credentials from a missing storage", () => {
    const error = Object.assign(new Error("none"), { name: "CredentialsProviderError" });
    expect(toProblem(error, "Do it")).toMatchObject({
      code: "storage-denied",
      message: expect.stringContaining("Set AWS_ACCESS_KEY_ID"),
    });
  });

  it("leaves problems as they are", () => {
    const problem = new ProblemError("not-found", "There.");
    expect(toProblem(problem, "Do it")).toBe(problem);
  });
});

describe("s3CodeOf", () => {
  it("knows only what the storage itself said", () => {
    expect(s3CodeOf(answered("NoSuchKey", 404))).toBe("NoSuchKey");
    expect(s3CodeOf(new Error("NoSuchKey"))).toBeUndefined();
  });
});
