import type { ChecksumAlgorithm, IfExists } from "../../shared/api.ts";
import type { Opened } from "./backend/upload-api.ts";
import type { PartRequest } from "./line/part-transport.ts";
import { PartTable } from "./parts/part-table.ts";
import { SignedUrls } from "./parts/signed-urls.ts";
import { TransferError } from "./problem.ts";
import type { UploadRecord } from "./resume/index.ts";
import type { Stage } from "./transition.ts";
import { ACCELERATED_FROM_BYTES } from "./line/origins.ts";

/** How the parts of an upload are cut. */
export type Cut =
  /** One request; `isLarge` where it would otherwise go in parts. */
  | { readonly kind: "single"; readonly isLarge: boolean }
  | { readonly kind: "equal"; readonly partSizeBytes: number }
  | { readonly kind: "free" };

/** An upload that the backend opened. A file that goes in one request is one part of its own. */
export interface Session {
  /** The backend's statement of this upload. */
  readonly id: string;
  readonly key: string;
  readonly cut: Cut;
  readonly parts: PartTable;
  readonly urls: SignedUrls;
}

/** What `create` answers where it did open an upload. */
export type OpenedSession = Exclude<Opened, { problem: unknown }>;

/** The whole upload is one object made of parts. */
export function isMultipart({ cut }: Pick<Session, "cut">): boolean {
  return cut.kind !== "single";
}

/** Large enough for the accelerated way to be worth its price; a stream may become so. */
export function isLarge({ cut, parts }: Session): boolean {
  return cut.kind !== "single" && parts.sizeBytes >= ACCELERATED_FROM_BYTES;
}

/** What is known of the bytes of an upload when it is opened. */
export interface Cargo {
  /** Of a stream, as much as was read. */
  readonly sizeBytes: number;
  readonly isSizeKnown: boolean;
  /** Would go in parts if one request had not been asked for. */
  readonly isLarge: boolean;
}

/**
 * The session that begins with what the backend opened.
 * @throws TransferError `bad-answer` where the plan does not tile the file
 */
export function openSession(opened: OpenedSession, cargo: Cargo): Session {
  const { sizeBytes } = cargo;
  const urls = new SignedUrls();
  const parts = new PartTable(sizeBytes);
  if (opened.method === "multipart") {
    urls.add(opened.parts, opened.expiresAt);
  } else {
    const { url, alternates, headers } = opened;
    const signed = { partNumber: 1, url, headers, ...(alternates && { alternates }) };
    urls.add([signed], opened.expiresAt);
    if (opened.method === "post") {
      const { fields, checksumField = null } = opened;
      urls.form = { fields, headers, checksumField };
    }
    parts.assign(sizeBytes);
  }
  return {
    id: opened.id,
    key: opened.key,
    cut: cutOf(opened, cargo),
    parts,
    urls,
  };
}

/** The session that an earlier visit left; it has no URLs. */
export function sessionFromRecord(record: UploadRecord): Session {
  const parts = new PartTable(record.sizeBytes);
  for (const { start, end } of record.parts) parts.assign(end - start);
  for (const { partNumber, etag, checksum } of record.parts) {
    if (etag !== null) parts.hold(partNumber, etag, checksum);
  }
  const { partSizes, partSizeBytes } = record;
  const cut: Cut = partSizes === "free" ? { kind: "free" } : { kind: "equal", partSizeBytes };
  return { id: record.sessionId, key: record.key, cut, parts, urls: new SignedUrls() };
}

/** Whether a request that nobody heard the end of may have made the object. */
export function mayBeObject(session: Session, stage: Stage | null, ifExists?: IfExists): boolean {
  const { parts } = session;
  if (isMultipart(session)) return parts.isComplete || stage === "completing";
  // One that was there before, of the same size, could not be told from ours.
  return parts.startCount > 0 && ifExists !== "replace";
}

/** What goes along with one part. */
export interface PartCargo {
  readonly partNumber: number;
  readonly body: Blob;
  readonly url: string;
  /** Base64; null where it is not known before the bytes leave. */
  readonly checksum: string | null;
  readonly algorithm: ChecksumAlgorithm | null;
}

/** The request that carries one part; its bytes are read by the browser, not by us. */
export function requestForPart({ urls }: Session, cargo: PartCargo): PartRequest {
  const { body, url, checksum, algorithm } = cargo;
  const checksumHeader = algorithm === null ? null : checksumHeaderOf(algorithm);
  const { form } = urls;
  if (form === null) {
    const headers = urls.headersOf(cargo.partNumber);
    return { method: "PUT", url, headers, body, reportsProgress: true, checksumHeader };
  }
  const data = new FormData();
  for (const [name, value] of Object.entries(form.fields)) data.append(name, value);
  const { headers, checksumField } = form;
  if (checksum !== null && checksumField !== null) data.append(checksumField, checksum);
  // S3 ignores every field after the file.
  data.append("file", body);
  const reportsProgress = Object.keys(headers).length > 0;
  return { method: "POST", url, headers, body: data, reportsProgress, checksumHeader };
}

/** The name that S3 gives a checksum in headers and forms. */
function checksumHeaderOf(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

function cutOf(opened: OpenedSession, { sizeBytes, isSizeKnown, isLarge }: Cargo): Cut {
  if (opened.method !== "multipart") return { kind: "single", isLarge };
  const { partSizes, partSizeBytes } = opened;
  if (partSizes === "free") return { kind: "free" };
  if (!isSizeKnown) return { kind: "equal", partSizeBytes };
  const partCount = Math.max(1, Math.ceil(sizeBytes / partSizeBytes));
  if (partSizeBytes < 1 || (opened.partCount ?? partCount) !== partCount) {
    const detail = `${opened.partCount} parts of ${partSizeBytes} bytes are not ${sizeBytes} bytes`;
    throw new TransferError("bad-answer", "permanent", detail);
  }
  return { kind: "equal", partSizeBytes };
}
