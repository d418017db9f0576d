import { S3ServiceException } from "@aws-sdk/client-s3";

/**
 * How a call of the SDK was refused: status and code, as in "404 NoSuchKey"; the status alone for HEAD,
 * whose answer has no body; "accepted" where it was not refused. Rethrows what S3 did not say.
 */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "accepted";
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    const status = error.$metadata.httpStatusCode;
    return error.name === "UnknownError" ? `${status}` : `${status} ${error.name}`;
  }
}
