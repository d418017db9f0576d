/** Bodies of requests: how long they are, what vouches for them, and their bytes without framing. */
import { createHash, timingSafeEqual } from "node:crypto";
import { createDigests } from "../checksum/digests.ts";
import type { Body, BodyOptions } from "../engine.ts";
import { S3Error } from "../s3-error.ts";
import { checksumHeader, declaredChecksum, type DeclaredChecksum } from "./checksum-headers.ts";
import type { HeaderFields } from "./headers.ts";
import { readAll, tooLong } from "./incoming-body.ts";
import type { RequestBody } from "./request.ts";
import { AwsChunkedDecoder } from "./sigv4/aws-chunked.ts";
import type { VerifiedRequest } from "./sigv4/verify.ts";

/** What a body is made from. */
export interface BodySource {
  readonly headers: HeaderFields;
  readonly verified: VerifiedRequest;
  readonly signal: AbortSignal;
  /** The bytes off the socket; called once, when the body is wanted. */
  readonly read: () => Body;
}

/** The body of a verified request. */
export function createRequestBody(source: BodySource): RequestBody {
  return {
    forObject: (maxSizeBytes) => objectBody(source, maxSizeBytes),
    text: (maxSizeBytes) => textBody(source, maxSizeBytes),
    textAboutObject: (maxSizeBytes) =>
      textBody({ ...source, headers: withoutChecksums(source.headers) }, maxSizeBytes),
  };
}

function objectBody(
  source: BodySource,
  maxSizeBytes: number,
): { readonly body: Body; readonly options: BodyOptions } {
  const sizeBytes = declaredSize(source);
  if (sizeBytes === undefined) throw new S3Error("MissingContentLength");
  if (sizeBytes > maxSizeBytes) {
    throw new S3Error("EntityTooLarge", {
      fields: { ProposedSize: String(sizeBytes), MaxSizeAllowed: String(maxSizeBytes) },
    });
  }
  return decodedBody(source, sizeBytes);
}

function decodedBody(
  source: BodySource,
  sizeBytes: number,
): { readonly body: Body; readonly options: BodyOptions } {
  const { headers, verified, signal } = source;
  const { payload } = verified;
  const contentMd5 = headers.get("content-md5");
  const options = {
    sizeBytes,
    signal,
    ...(contentMd5 !== undefined && { contentMd5 }),
    ...(payload.kind === "hash" && { payloadSha256: payload.sha256 }),
  };
  const declared = declaredChecksum(headers);
  if (payload.kind !== "aws-chunked") {
    if (declared?.kind === "trailer") throw missingTrailer();
    return {
      body: { [Symbol.asyncIterator]: () => iterate(source) },
      options: { ...options, ...checksumOption(declared) },
    };
  }
  const decoder = new AwsChunkedDecoder({
    ...(payload.isSigned && { seed: verified }),
    hasTrailer: payload.hasTrailer,
    decodedSizeBytes: sizeBytes,
  });
  const trailer = declared?.kind === "trailer" ? checksumHeader(declared.algorithm) : undefined;
  return {
    body: { [Symbol.asyncIterator]: () => decode(source, decoder, trailer) },
    options: { ...options, ...checksumOption(declared, decoder) },
  };
}

function checksumOption(
  declared: DeclaredChecksum | undefined,
  decoder?: AwsChunkedDecoder,
): Pick<BodyOptions, "checksum"> {
  if (!declared) return {};
  const { algorithm } = declared;
  if (declared.kind === "header") return { checksum: { algorithm, expected: declared.value } };
  return {
    checksum: { algorithm, expected: () => decoder?.trailers.get(checksumHeader(algorithm)) },
  };
}

function iterate(source: BodySource): AsyncIterator<Uint8Array> {
  return source.read()[Symbol.asyncIterator]();
}

async function* decode(
  source: BodySource,
  decoder: AwsChunkedDecoder,
  trailer: string | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const bytes of source.read()) yield* decoder.push(bytes);
  decoder.end();
  if (trailer !== undefined && !decoder.trailers.has(trailer)) throw missingTrailer();
}

async function textBody(source: BodySource, maxSizeBytes: number): Promise<string> {
  const sizeBytes = declaredSize(source);
  if (sizeBytes === undefined) {
    if (source.headers.has("transfer-encoding")) throw new S3Error("MissingContentLength");
    return "";
  }
  if (sizeBytes > maxSizeBytes) throw tooLong(maxSizeBytes);
  const { body, options } = decodedBody(source, sizeBytes);
  const bytes = await readAll(body, maxSizeBytes);
  await verifyDigests(bytes, options);
  return decodeUtf8(bytes);
}

function withoutChecksums(headers: HeaderFields): HeaderFields {
  return new Map([...headers].filter(([name]) => !name.startsWith("x-amz-checksum-")));
}

async function verifyDigests(bytes: Buffer, options: BodyOptions): Promise<void> {
  if (bytes.length !== options.sizeBytes) throw new S3Error("IncompleteBody");
  if (options.payloadSha256 !== undefined) {
    const actual = createHash("sha256").update(bytes).digest("hex");
    if (actual !== options.payloadSha256) throw new S3Error("XAmzContentSHA256Mismatch");
  }
  if (options.contentMd5 !== undefined) {
    const expected = Buffer.from(options.contentMd5, "base64");
    if (expected.length !== 16) throw new S3Error("InvalidDigest");
    const actual = createHash("md5").update(bytes).digest();
    if (!timingSafeEqual(actual, expected)) throw new S3Error("BadDigest");
  }
  if (!options.checksum) return;
  const { algorithm, expected } = options.checksum;
  const digest = await createDigests().start(algorithm);
  digest.update(bytes);
  const value = typeof expected === "function" ? await expected() : expected;
  if (value !== digest.digest().toString("base64")) throw new S3Error("BadDigest");
}

/** Decoded length of the body, in bytes. @throws IncompleteBody, InvalidArgument where it is malformed */
function declaredSize({ headers, verified }: BodySource): number | undefined {
  const isFramed = verified.payload.kind === "aws-chunked";
  const name = isFramed ? "x-amz-decoded-content-length" : "content-length";
  const value = headers.get(name);
  if (value === undefined) return undefined;
  const sizeBytes = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(sizeBytes)) return sizeBytes;
  throw new S3Error("InvalidArgument", {
    fields: { ArgumentName: name, ArgumentValue: value },
  });
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new S3Error("MalformedXML", { cause });
  }
}

function missingTrailer(): S3Error {
  return new S3Error("MalformedTrailerError");
}
