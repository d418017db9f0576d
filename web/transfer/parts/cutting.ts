import { MIN_PART_SIZE_BYTES } from "../../../shared/limits.ts";
import type { LineSpeed } from "../line/line-speed.ts";
import type { Session } from "../session.ts";
import type { ByteSource } from "../source/byte-source.ts";
import type { Delivery } from "./laggard.ts";
import { nextPartSizeBytes, nextStreamPartSizeBytes } from "./part-size.ts";
import type { PartRange } from "./part-table.ts";

/** The next part, bytes that have to be read before it can be cut, or no more parts. */
export type NextPart =
  | { readonly kind: "part"; readonly range: PartRange }
  | { readonly kind: "fill"; readonly end: number }
  | { readonly kind: "none" };

/** Parts of a stream are held in memory until the storage has them: all together at most, in bytes. */
const STREAM_BUFFER_BYTES = 64 * 1024 * 1024;

/** Cuts the next part off the bytes that belong to none. */
export function cutNextPart(
  session: Session,
  source: ByteSource,
  share: number,
  line: { readonly bytesPerSecond: number | null; readonly isEven: boolean },
): NextPart {
  const { parts, cut } = session;
  if (cut.kind === "single") return { kind: "none" };
  if (!source.isSizeKnown) return cutStream(session, source);
  parts.grow(source.sizeBytes);
  if (!parts.hasUnassigned) return { kind: "none" };
  if (cut.kind === "equal") return { kind: "part", range: parts.assign(cut.partSizeBytes) };
  const sizeBytes = nextPartSizeBytes({
    unassignedBytes: parts.unassignedBytes,
    aheadBytes: parts.aheadBytes,
    nextPartNumber: parts.nextPartNumber,
    share,
    bytesPerSecond: line.bytesPerSecond,
    isEven: line.isEven,
  });
  return { kind: "part", range: parts.assign(sizeBytes) };
}

function cutStream({ parts, cut }: Session, source: ByteSource): NextPart {
  const assignedBytes = parts.sizeBytes - parts.unassignedBytes;
  const sizeBytes =
    cut.kind === "equal" ? cut.partSizeBytes : nextStreamPartSizeBytes(assignedBytes);
  const bufferedBytes = assignedBytes - parts.heldBytes;
  if (bufferedBytes > 0 && bufferedBytes + sizeBytes > STREAM_BUFFER_BYTES) return { kind: "none" };
  const end = assignedBytes + sizeBytes;
  if (source.sizeBytes < end) return { kind: "fill", end };
  parts.grow(source.sizeBytes);
  return { kind: "part", range: parts.assign(sizeBytes) };
}

/** A first burst fills the socket's buffer and says nothing of the line; in milliseconds. */
const WATCH_FOR_MS = 3_000;

/** A part that would still take this long is given up for smaller ones, in milliseconds. */
const TOO_LONG_MS = 45_000;

/** Whether a file goes in one request that would otherwise go in parts. */
export function isUncut({ cut }: Session): boolean {
  return cut.kind === "single" && cut.isLarge;
}

/**
 * Whether what is under way was cut too large for what the line turns out to be. Asked only
 * before any part has arrived: afterwards they are cut by what is known.
 */
export function mustBeRecut(
  session: Session,
  { isSeekable }: ByteSource,
  { sizeBytes, sentBytes, startedAt }: Delivery,
  line: Pick<LineSpeed, "isMeasured">,
  now: number,
): boolean {
  const mayBe = session.cut.kind === "free" || isUncut(session);
  if (!mayBe || !isSeekable || line.isMeasured) return false;
  const elapsedMs = now - startedAt;
  if (elapsedMs < WATCH_FOR_MS || sizeBytes <= 2 * MIN_PART_SIZE_BYTES) return false;
  return ((sizeBytes - sentBytes) / Math.max(1, sentBytes)) * elapsedMs > TOO_LONG_MS;
}
