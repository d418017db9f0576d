import { isDigestValue } from "../checksum/object-checksum.ts";
import type { DigestName } from "../checksum/digests.ts";
import type { DigestResults } from "../content/ingest-stream.ts";
import type { EngineContext } from "./context.ts";
import type { Body, BodyOptions, ChecksumAlgorithm } from "../engine.ts";
import { S3Error } from "../s3-error.ts";

/** Bytes on the disk which are what the client meant, and which the catalogue does not name yet. */
export interface VerifiedBody {
  readonly contentId: string;
  readonly sizeBytes: number;
  /** MD5 in hex. */
  readonly etag: string;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
}

/**
 * Brings a body to the disk, holds it against every digest that came with it, and hands it to `adopt`,
 * which makes the catalogue name it. Where anything of that fails, the file goes.
 * @throws InvalidDigest, InvalidRequest, BadDigest, XAmzContentSHA256Mismatch, and what ingesting and `adopt` throw
 */
export async function withVerifiedBody<T>(
  { catalogue, files, threads }: EngineContext,
  body: Body,
  options: BodyOptions & { readonly maxSizeBytes: number },
  adopt: (verified: VerifiedBody) => Promise<T>,
): Promise<T> {
  checkDeclared(options);
  const { id, path } = files.begin();
  try {
    const { sizeBytes, maxSizeBytes, signal } = options;
    const task = { path, digests: wantedDigests(options), sizeBytes, maxSizeBytes, signal };
    const ingested = await threads.ingest(body, task);
    await compare(ingested.digests, options);
    return await adopt(verified(id, ingested.sizeBytes, ingested.digests, options));
  } catch (error) {
    // A commit that failed half-way may still have happened: then the catalogue has the last word.
    if (!catalogue.tables.contents.doesExist(Buffer.from(id, "hex"))) files.release(id, [id]);
    throw error;
  } finally {
    files.settle(id);
  }
}

function checkDeclared({ contentMd5, checksum }: BodyOptions): void {
  if (contentMd5 !== undefined && !isDigestValue("MD5", contentMd5)) {
    throw new S3Error("InvalidDigest", { fields: { "Content-MD5": contentMd5 } });
  }
  if (typeof checksum?.expected === "string") {
    checkChecksumValue(checksum.algorithm, checksum.expected);
  }
}

function checkChecksumValue(algorithm: ChecksumAlgorithm, value: string): void {
  if (isDigestValue(algorithm, value)) return;
  const header = `x-amz-checksum-${algorithm.toLowerCase()}`;
  throw new S3Error("InvalidRequest", { message: `Value for ${header} header is invalid.` });
}

function wantedDigests({ payloadSha256, checksum }: BodyOptions): DigestName[] {
  const names = new Set<DigestName>(["MD5"]);
  if (payloadSha256 !== undefined) names.add("SHA256");
  names.add(checksum?.algorithm ?? DEFAULT_CHECKSUM);
  return [...names];
}

/** What S3 computes by itself where the client asks for nothing. */
const DEFAULT_CHECKSUM = "CRC64NVME";

async function compare(digests: DigestResults, options: BodyOptions): Promise<void> {
  const { contentMd5, payloadSha256, checksum } = options;
  if (payloadSha256 !== undefined && hex(digests.SHA256) !== payloadSha256.toLowerCase()) {
    const fields = {
      ClientComputedContentSHA256: payloadSha256,
      S3ComputedContentSHA256: hex(digests.SHA256),
    };
    throw new S3Error("XAmzContentSHA256Mismatch", { fields });
  }
  if (contentMd5 !== undefined && base64(digests.MD5) !== contentMd5) {
    const fields = { ExpectedDigest: contentMd5, CalculatedDigest: base64(digests.MD5) };
    throw new S3Error("BadDigest", { fields });
  }
  if (checksum) await compareChecksum(digests, checksum);
}

async function compareChecksum(
  digests: DigestResults,
  { algorithm, expected }: NonNullable<BodyOptions["checksum"]>,
): Promise<void> {
  const value = typeof expected === "function" ? await expected() : expected;
  if (value === undefined) return;
  checkChecksumValue(algorithm, value);
  if (base64(digests[algorithm]) === value) return;
  const message = `The ${algorithm} you specified did not match the calculated checksum.`;
  throw new S3Error("BadDigest", { message });
}

function verified(
  contentId: string,
  sizeBytes: number,
  digests: DigestResults,
  { checksum }: BodyOptions,
): VerifiedBody {
  const algorithm = checksum?.algorithm ?? DEFAULT_CHECKSUM;
  const value = base64(digests[algorithm]);
  return { contentId, sizeBytes, etag: hex(digests.MD5), checksum: { algorithm, value } };
}

function hex(digest: Uint8Array | undefined): string {
  return Buffer.from(digest ?? []).toString("hex");
}

function base64(digest: Uint8Array | undefined): string {
  return Buffer.from(digest ?? []).toString("base64");
}
