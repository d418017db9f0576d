import { SelectError } from "../../../shared/select/select-error.ts";
import { isS3Error, S3Error } from "../s3-error.ts";
import type { S3Answer } from "./answer.ts";
import { replaceIllegal, writePlainXml, type XmlNode } from "./xml/write.ts";

/** Names a failed request in its answer. */
export interface FailedRequest {
  readonly requestId: string;
  readonly hostId: string;
  /** Path of the request. */
  readonly resource: string;
}

/** Any failure in S3's terms: what is not an S3Error is an internal one. */
export function toS3Error(error: unknown): S3Error {
  if (isS3Error(error)) return error;
  if (error instanceof SelectError) return new S3Error(error.code, { message: error.message });
  return new S3Error("InternalError", { cause: error });
}

/**
 * S3's XML of an error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function errorAnswer(error: S3Error, request: FailedRequest): S3Answer {
  const fields = Object.entries(error.fields).map(([name, value]): XmlNode => [
    name,
    replaceIllegal(value),
  ]);
  const body = writePlainXml("Error", [
    ["Code", error.code],
    ["Message", replaceIllegal(error.message)],
    ...fields,
    ["Resource", replaceIllegal(request.resource)],
    ["RequestId", request.requestId],
    ["HostId", request.hostId],
  ]);
  return {
    status: error.status,
    headers: {
      "Content-Type": "application/xml",
      ...(error.fields["Region"] !== undefined && {
        "x-amz-bucket-region": error.fields["Region"],
      }),
      ...(error.status === 503 && { "Retry-After": "1" }),
      ...(error.code === "InvalidRange" && {
        "Content-Range": `bytes */${error.fields["ActualObjectSize"] ?? "*"}`,
      }),
    },
    body,
  };
}
