import { describe, expect, it } from "vitest";
import { errorFromStorage } from "../../../web/transfer/problem.ts";
import { refusal } from "./rig/model-backend.ts";

describe("errorFromStorage", () => {
  it.each([
    [503, "SlowDown", "storage-busy", "retry"],
    [500, "InternalError", "storage-error", "retry"],
    [400, "RequestTimeout", "storage-error", "retry"],
    [409, "ConditionalRequestConflict", "storage-error", "retry"],
    [403, "AccessDenied", "storage-denied", "resign"],
    [403, "SignatureDoesNotMatch", "storage-denied", "resign"],
    [400, "ExpiredToken", "storage-denied", "resign"],
    [404, "NoSuchUpload", "upload-gone", "reopen"],
    [404, "NoSuchKey", "upload-gone", "reopen"],
    [404, "NoSuchBucket", "bucket-missing", "permanent"],
    [412, "PreconditionFailed", "key-exists", "permanent"],
    [507, "InsufficientStorage", "storage-full", "permanent"],
    [400, "EntityTooLarge", "storage-refused", "permanent"],
  ])("%i %s is %s: %s", (status, s3Code, code, remedy) => {
    const error = errorFromStorage(refusal(status, s3Code), 0);
    expect(error).toMatchObject({ code, remedy, facts: { s3Code } });
  });

  it("says something of an answer without a body", () => {
    const response = { status: 502, etag: null, checksum: null, retryAfter: "2", body: "" };
    expect(errorFromStorage(response, 0)).toMatchObject({
      code: "storage-error",
      remedy: "retry",
      facts: { retryAfterMs: 2000 },
    });
  });
});
