import type { Added } from "../source/added.ts";
import type { Progress } from "./progress.ts";
import { isMultipart, type Session } from "../session.ts";
import type { UploadState, UploadView } from "../upload-view.ts";

/** What a picture shows of an upload. */
export interface Pictured {
  readonly added: Added;
  readonly state: UploadState;
  readonly session: Session | null;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly retryCount: number;
  readonly connections: number;
  readonly resumedBytes: number;
  readonly startedAgain: boolean;
}

/**
 * An upload as the page is shown it.
 * @param now milliseconds since 1970
 */
export function takePicture(upload: Pictured, progress: Progress, now: number): UploadView {
  const { added, state, session, sizeBytes, sentBytes, retryCount } = upload;
  const isMoving = state.kind === "uploading";
  return {
    id: added.id,
    name: added.name,
    relativePath: added.relativePath,
    sizeBytes,
    isSizeKnown: added.source.isSizeKnown,
    contentType: added.contentType,
    state,
    sentBytes,
    bytesPerSecond: isMoving ? progress.bytesPerSecond(now) : 0,
    secondsLeft:
      isMoving && added.source.isSizeKnown
        ? progress.secondsLeft(sizeBytes - sentBytes, now)
        : null,
    key: state.kind === "done" ? state.receipt.key : (session?.key ?? null),
    parts: session && isMultipart(session) ? session.parts.marks : [],
    retryCount,
    connections: upload.connections,
    resumedBytes: upload.resumedBytes,
    startedAgain: upload.startedAgain,
  };
}
