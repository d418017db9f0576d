import { createHash } from "node:crypto";
import type { $Command, S3Client } from "@aws-sdk/client-s3";
import type {
  S3ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from "@aws-sdk/client-s3";
import { ProblemError } from "../../../shared/problem.ts";

type S3Command<I extends ServiceInputTypes, O extends ServiceOutputTypes> = $Command<
  I,
  O,
  S3ClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>;

/** S3's largest documents are below. */
const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;

const CALL_TIMEOUT_MS = 20_000;

/**
 * Sends a command that asks for a document, and gives the document as it came: the SDK's types drop what
 * they do not know. Address, signature, clock and retries stay the SDK's.
 * @throws whatever the SDK throws; ProblemError `storage-error` for a document above 2 MiB
 */
export async function getDocument<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
  client: S3Client,
  command: S3Command<I, O>,
): Promise<{ readonly xml: string; readonly output: O }> {
  let xml = "";
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      if (!isResponse(response)) return result;
      const text = await readText(response.body);
      const isGood = response.statusCode >= 200 && response.statusCode < 300;
      if (isGood) xml = text;
      // The SDK gets an error's document and otherwise an empty one, of which it makes nothing.
      response.body = Buffer.from(isGood ? "<Document/>" : text);
      return result;
    },
    // Next to the connection, in front of what decodes.
    { step: "deserialize", priority: "low", name: "takeDocument" },
  );
  const output = await client.send(command, within());
  return { xml, output };
}

/**
 * Sends a command with a document of ours in the place of what the SDK would write. It goes with an MD5
 * beside the SDK's own checksum: older servers ask for that one.
 * @throws whatever the SDK throws
 */
export async function putDocument<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
  client: S3Client,
  command: S3Command<I, O>,
  xml: string,
): Promise<void> {
  command.middlewareStack.add(
    (next) => async (args) => {
      if (!isRequest(args.request)) throw new Error("The SDK made no HTTP request.");
      args.request.body = xml;
      args.request.headers["content-type"] = "application/xml";
      args.request.headers["content-md5"] = createHash("md5").update(xml).digest("base64");
      return next(args);
    },
    // In front of what computes length and checksum.
    { step: "build", priority: "high", name: "bringDocument" },
  );
  await client.send(command, within());
}

/** How long one call may take, with its retries. */
export function within() {
  return { abortSignal: AbortSignal.timeout(CALL_TIMEOUT_MS) };
}

async function readText(body: unknown): Promise<string> {
  if (!isIterable(body)) return "";
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of body) {
    sizeBytes += piece.length;
    if (sizeBytes > MAX_DOCUMENT_BYTES) {
      throw new ProblemError("storage-error", "The storage's document has more than 2 MiB.");
    }
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
}

interface MutableRequest {
  body: unknown;
  readonly headers: Record<string, string>;
}

interface MutableResponse {
  body: unknown;
  readonly statusCode: number;
}

function isRequest(value: unknown): value is MutableRequest {
  return typeof value === "object" && value !== null && "headers" in value;
}

function isResponse(value: unknown): value is MutableResponse {
  return typeof value === "object" && value !== null && "statusCode" in value;
}

function isIterable(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
