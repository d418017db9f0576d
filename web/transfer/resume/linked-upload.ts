import type { ListPartsResponse } from "../../../shared/api.ts";
import { TransferError } from "../problem.ts";
import type { RecordedAlgorithm, RecordedPart, UploadRecord } from "./upload-record.ts";

/** An upload as a link names it. */
export interface UploadLink {
  /** As the backend issued it, for the owner of the upload. */
  readonly sessionId: string;
  /** Of the file. */
  readonly name: string;
  /** Milliseconds since 1970, as `File.lastModified`. */
  readonly lastModified: number;
}

/**
 * The record of an upload that this browser does not remember, of what the storage holds of it.
 * @param now milliseconds since 1970
 * @throws TransferError `upload-gone`, `bad-answer`
 */
export function recordOfLink(
  link: UploadLink,
  listed: ListPartsResponse,
  now: number,
): UploadRecord {
  const { key, sizeBytes, partSizes = "equal", partSizeBytes } = listed;
  if (listed.state !== "open") {
    const what = listed.state === "completed" ? "is complete already" : "is no longer there";
    throw new TransferError("upload-gone", "permanent", `The upload ${what}`);
  }
  if (key === undefined || sizeBytes === undefined || sizeBytes === null) {
    throw new TransferError("bad-answer", "permanent", "The server says too little of the upload");
  }
  const algorithm = algorithmOf(listed.parts);
  return {
    recordId: crypto.randomUUID(),
    sessionId: link.sessionId,
    key,
    name: link.name,
    relativePath: link.name,
    contentType: "",
    sizeBytes,
    lastModified: link.lastModified,
    partSizes,
    partSizeBytes: partSizes === "equal" ? partSizeBytes : 0,
    checksumAlgorithm: algorithm,
    parts: partsOf(listed, sizeBytes, algorithm !== null),
    options: {},
    startedAt: now,
    updatedAt: now,
  };
}

/** Parts whose place in the file is certain: of free sizes, those up to the first gap. */
function partsOf(
  { parts, partSizes, partSizeBytes }: ListPartsResponse,
  fileBytes: number,
  isChecked: boolean,
): RecordedPart[] {
  const held = new Map(parts.map((part) => [part.partNumber, part]));
  const last = parts.at(-1)?.partNumber ?? 0;
  const recorded: RecordedPart[] = [];
  for (let partNumber = 1, start = 0; partNumber <= last; partNumber += 1) {
    const part = held.get(partNumber);
    const ofPlan = Math.min(partSizeBytes, fileBytes - start);
    const sizeBytes = partSizes === "free" ? part?.sizeBytes : ofPlan;
    if (sizeBytes === undefined || sizeBytes > fileBytes - start) break;
    const isHeld = part !== undefined && part.sizeBytes === sizeBytes;
    const checksum = isHeld && isChecked ? (part.checksum?.value ?? null) : null;
    const end = start + sizeBytes;
    recorded.push({ partNumber, start, end, etag: isHeld ? part.etag : null, checksum });
    start = end;
  }
  return recorded;
}

const ALGORITHMS: readonly RecordedAlgorithm[] = ["CRC64NVME", "CRC32", "CRC32C", "SHA256"];

/** The one that all parts have; null where they have none in common. */
function algorithmOf(parts: ListPartsResponse["parts"]): RecordedAlgorithm | null {
  const found = ALGORITHMS.find((known) =>
    parts.every(({ checksum }) => checksum?.algorithm === known),
  );
  return parts.length === 0 ? null : (found ?? null);
}
