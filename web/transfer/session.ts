import { PartQueue, type PlanOfParts } from "./parts/part-queue.ts";
import { TransferError } from "./problem.ts";
import { SignedUrls } from "./parts/signed-urls.ts";
import type { PartRequest } from "./line/part-transport.ts";
import type { Opened } from "./backend/upload-api.ts";
import { partRange } from "../../shared/part-plan.ts";

/** An upload that the backend opened. A file that goes in one request is one part of its own. */
export interface Session {
  /** The backend's statement of this upload. */
  readonly id: string;
  readonly key: string;
  readonly isMultipart: boolean;
  /** Signed with the URL; empty for parts. */
  readonly headers: Readonly<Record<string, string>>;
  /** The fields of a form upload. */
  readonly fields: Readonly<Record<string, string>> | null;
  readonly parts: PartQueue;
  readonly urls: SignedUrls;
}

/** What `create` answers where it did open an upload. */
export type OpenedSession = Exclude<Opened, { problem: unknown }>;

/**
 * The session of a file of `sizeBytes`.
 * @throws TransferError `bad-answer` where the plan does not tile the file
 */
export function openSession(opened: OpenedSession, sizeBytes: number): Session {
  const plan = planOf(opened, sizeBytes);
  const urls = new SignedUrls();
  const signed =
    opened.method === "multipart" ? opened.parts : [{ partNumber: 1, url: opened.url }];
  urls.add(signed, opened.expiresAt);
  return {
    id: opened.id,
    key: opened.key,
    isMultipart: opened.method === "multipart",
    headers: opened.method === "put" ? opened.headers : {},
    fields: opened.method === "post" ? opened.fields : null,
    parts: new PartQueue(plan),
    urls,
  };
}

/** The request that carries one part; its bytes are read by the browser, not by us. */
export function requestForPart(
  session: Session,
  file: File,
  partNumber: number,
  url: string,
): PartRequest {
  const { start, end } = partRange(session.parts.plan, partNumber);
  const slice = file.slice(start, end);
  if (session.fields === null) return { method: "PUT", url, headers: session.headers, body: slice };
  const body = new FormData();
  for (const [name, value] of Object.entries(session.fields)) body.append(name, value);
  // S3 ignores every field after the file.
  body.append("file", slice);
  return { method: "POST", url, headers: {}, body };
}

function planOf(opened: OpenedSession, sizeBytes: number): PlanOfParts {
  if (opened.method !== "multipart") return { sizeBytes, partSizeBytes: sizeBytes, partCount: 1 };
  const { partSizeBytes } = opened;
  const partCount = Math.max(1, Math.ceil(sizeBytes / partSizeBytes));
  if (partSizeBytes < 1 || (opened.partCount ?? partCount) !== partCount) {
    const detail = `${opened.partCount} parts of ${partSizeBytes} bytes are not ${sizeBytes} bytes`;
    throw new TransferError("bad-answer", "permanent", detail);
  }
  return { sizeBytes, partSizeBytes, partCount };
}
