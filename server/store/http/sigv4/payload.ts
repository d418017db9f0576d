import { S3Error } from "../../s3-error.ts";

/** How the body of a request is vouched for, as `x-amz-content-sha256` says. */
export type PayloadSigning =
  | { readonly kind: "hash"; readonly sha256: string }
  | { readonly kind: "unsigned" }
  | { readonly kind: "aws-chunked"; readonly isSigned: boolean; readonly hasTrailer: boolean };

/**
 * Decodes `x-amz-content-sha256`.
 * @throws InvalidArgument for anything unknown, NotImplemented for SigV4A
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export function parsePayloadSigning(value: string): PayloadSigning {
  if (/^[0-9a-f]{64}$/i.test(value)) return { kind: "hash", sha256: value.toLowerCase() };
  switch (value) {
    case "UNSIGNED-PAYLOAD":
      return { kind: "unsigned" };
    case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD":
      return { kind: "aws-chunked", isSigned: true, hasTrailer: false };
    case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
      return { kind: "aws-chunked", isSigned: true, hasTrailer: true };
    case "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
      return { kind: "aws-chunked", isSigned: false, hasTrailer: true };
  }
  if (value.startsWith("STREAMING-AWS4-ECDSA-")) throw new S3Error("NotImplemented");
  throw new S3Error("InvalidArgument", {
    message:
      "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING- value, or a valid sha256 value.",
    fields: { ArgumentName: "x-amz-content-sha256", ArgumentValue: value },
  });
}
