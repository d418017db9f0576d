import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { Readable } from "node:stream";
import type { ByteSource } from "../../shared/select/byte-source.ts";
import { ProblemError } from "../../shared/problem.ts";
import { toProblem } from "./s3-error.ts";

/**
 * An object by its ranges, as long as it is the version with this ETag.
 * @throws ProblemError `precondition-failed` where it was replaced meanwhile, and what the storage says
 */
export function objectBytes(
  client: S3Client,
  Bucket: string,
  Key: string,
  { sizeBytes, etag }: { readonly sizeBytes: number; readonly etag: string },
): ByteSource {
  return {
    sizeBytes,
    async *read({ start, end }, signal) {
      if (end <= start) return;
      const body = await open(`bytes=${start}-${end - 1}`, signal);
      try {
        yield* body;
      } catch (error) {
        signal.throwIfAborted();
        throw toProblem(error, "Read the object");
      } finally {
        body.destroy();
      }
    },
  };

  async function open(Range: string, abortSignal: AbortSignal): Promise<Readable> {
    try {
      const command = new GetObjectCommand({ Bucket, Key, Range, IfMatch: etag });
      const { Body } = await client.send(command, { abortSignal });
      if (Body instanceof Readable) return Body;
      throw new ProblemError("storage-error", "The storage answered no bytes.");
    } catch (error) {
      abortSignal.throwIfAborted();
      const problem = toProblem(error, "Read the object");
      if (problem.s3Code !== "PreconditionFailed") throw problem;
      const detail = `"${Key}" was replaced while it was read; ask again.`;
      throw new ProblemError("precondition-failed", detail, { cause: error });
    }
  }
}
