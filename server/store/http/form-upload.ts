import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import type { Body } from "../engine.ts";
import { S3Error } from "../s3-error.ts";

/** A form up to and including the beginning of its file. */
export interface FormUpload {
  /** Fields before the file by lower-case name; the first of a name counts. */
  readonly fields: ReadonlyMap<string, string>;
  /** Base name that the browser gave the file, or empty. */
  readonly fileName: string;
  /** The file as it arrives; also the rest of the form is read once this has ended. */
  readonly file: Body;
}

/** S3's bound of all that stands before the file, in bytes. */
const MAX_FIELD_BYTES = 20 * 1024;

/**
 * Reads a form until its file begins.
 * @throws MalformedPOSTRequest, MaxPostPreDataLengthExceeded, IncorrectNumberOfFilesInPostRequest (none)
 */
export function readFormUpload(contentType: string, body: Body): Promise<FormUpload> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    let fieldBytes = 0;
    const parser = createParser(contentType);
    const fail = (cause: unknown): void => {
      reject(cause instanceof S3Error ? cause : malformed(cause));
    };
    parser.on("field", (name, value, nameTruncated, valueTruncated) => {
      fieldBytes += Buffer.byteLength(name) + Buffer.byteLength(value);
      if (fieldBytes > MAX_FIELD_BYTES || nameTruncated || valueTruncated) {
        parser.destroy(new S3Error("MaxPostPreDataLengthExceeded"));
        return;
      }
      const lower = name.toLowerCase();
      if (!fields.has(lower)) fields.set(lower, value);
    });
    parser.on("file", (_, stream, fileName) => {
      // Fields that follow the file do not count.
      parser.removeAllListeners("field");
      resolve({ fields, fileName: fileName ?? "", file: readFile(stream, pumped) });
    });
    parser.on("finish", () => reject(new S3Error("IncorrectNumberOfFilesInPostRequest")));
    const pumped: Promise<void> = pipeline(Readable.from(body, { objectMode: false }), parser);
    pumped.catch(fail);
  });
}

function createParser(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      isPartAFile: (name) => name?.toLowerCase() === "file",
      limits: { fieldNameSize: 1024, fieldSize: MAX_FIELD_BYTES, files: 1, fields: 200 },
    });
  } catch (cause) {
    throw malformed(cause);
  }
}

async function* readFile(
  stream: Readable,
  pumped: Promise<void>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const bytes of stream) if (bytes instanceof Uint8Array) yield bytes;
  } catch (cause) {
    throw cause instanceof S3Error ? cause : malformed(cause);
  }
  // A form that was cut off must not count as a whole file.
  await pumped.catch((cause: unknown) => {
    throw cause instanceof S3Error ? cause : malformed(cause);
  });
}

function malformed(cause: unknown): S3Error {
  return new S3Error("MalformedPOSTRequest", { cause });
}
