import type { Checksum, CompleteUploadRequest, CompleteUploadResponse } from "../../shared/api.ts";
import { combineParts, type HashAlgorithm } from "./checksum/index.ts";
import type { PartChecksums } from "./parts/part-checksums.ts";
import type { PartAnswer } from "./parts/send-part.ts";
import type { HeldPart } from "./parts/part-table.ts";
import { TransferError } from "./problem.ts";
import { isMultipart, type Session } from "./session.ts";
import type { Shipment } from "./shipment.ts";
import type { Receipt } from "./upload-view.ts";

/** What is sent to make the parts one object, and what we know of it ourselves. */
export interface Completion {
  readonly request: CompleteUploadRequest;
  readonly computed: Checksum | null;
}

/**
 * Names every part with its size, ETag and checksum, and the checksum of the whole; an upload that
 * is complete already, or goes in one request, needs none of that.
 * @throws whatever kept bytes from being read that an earlier visit sent without a checksum
 */
export async function describeCompletion(
  { session, checksums }: Shipment,
  signal: AbortSignal,
): Promise<Completion> {
  if (!isMultipart(session)) return describeSingle(session, checksums, signal);
  if (!session.parts.isComplete) return { request: {}, computed: null };
  const held = await Promise.all(
    session.parts.held.map((part) => withChecksum(part, checksums, signal)),
  );
  const algorithm = checksums?.algorithm ?? null;
  const parts = held.map(({ partNumber, start, end, etag, checksum }) => ({
    partNumber,
    etag,
    sizeBytes: end - start,
    ...(algorithm !== null && checksum !== null && { checksum: { algorithm, value: checksum } }),
  }));
  const computed = algorithm === null ? null : wholeOf(held, algorithm);
  return { request: { parts, ...(computed && { checksum: computed }) }, computed };
}

/**
 * The receipt, held against our own checksum.
 * @throws TransferError `checksum-mismatch`
 */
export function receiptOf(answer: CompleteUploadResponse, computed: Checksum | null): Receipt {
  if (computed === null) return answer;
  const { checksum } = answer;
  if (checksum && checksum.algorithm === computed.algorithm && checksum.value !== computed.value) {
    const detail =
      `The storage holds ${checksum.algorithm} ${checksum.value}, ` +
      `but the file was read as ${computed.value}`;
    throw new TransferError("checksum-mismatch", "permanent", detail);
  }
  return { ...answer, computed };
}

/** What the storage said of a file that went in one request, and our own checksum of it. */
export function describeStored(
  { key, parts }: Session,
  { etag, checksum }: PartAnswer,
  algorithm: HashAlgorithm | null,
): { readonly receipt: CompleteUploadResponse; readonly computed: Checksum | null } {
  const receipt = { key, sizeBytes: parts.sizeBytes, etag };
  if (algorithm === null) return { receipt, computed: null };
  const ours = parts.heldChecksum(1) ?? null;
  return {
    receipt: { ...receipt, ...(checksum !== null && { checksum: { algorithm, value: checksum } }) },
    computed: ours === null ? null : { algorithm, value: ours },
  };
}

/** Asked about only where an answer was lost: the object may be ours, and has to be what we read. */
async function describeSingle(
  { parts }: Session,
  checksums: PartChecksums | null,
  signal: AbortSignal,
): Promise<Completion> {
  if (checksums === null) return { request: {}, computed: null };
  const { algorithm } = checksums;
  const computed = { algorithm, value: await checksums.of(parts.rangeOf(1), signal) };
  return { request: { checksum: computed }, computed };
}

async function withChecksum(
  part: HeldPart,
  checksums: PartChecksums | null,
  signal: AbortSignal,
): Promise<HeldPart> {
  if (part.checksum !== null || checksums === null) return part;
  return { ...part, checksum: await checksums.of(part, signal) };
}

function wholeOf(held: readonly HeldPart[], algorithm: HashAlgorithm): Checksum | null {
  const parts = held.flatMap(({ checksum, start, end }) =>
    checksum === null ? [] : [{ value: checksum, sizeBytes: end - start }],
  );
  if (parts.length !== held.length) return null;
  const value = combineParts(algorithm, parts);
  return value === null ? null : { algorithm, value };
}
