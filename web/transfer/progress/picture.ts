import type { AddedFile } from "../source/added-file.ts";
import type { Progress } from "./progress.ts";
import type { Session } from "../session.ts";
import type { UploadState, UploadView } from "../upload-view.ts";

/** What a picture shows of an upload. */
export interface Pictured {
  readonly added: AddedFile;
  readonly state: UploadState;
  readonly session: Session | null;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly retryCount: number;
}

/**
 * An upload as the page is shown it.
 * @param now milliseconds since 1970
 */
export function takePicture(upload: Pictured, progress: Progress, now: number): UploadView {
  const { added, state, session, sizeBytes, sentBytes, retryCount } = upload;
  const { file } = added.chosen;
  const isMoving = state.kind === "uploading";
  return {
    id: added.id,
    name: file.name,
    relativePath: added.relativePath,
    sizeBytes,
    contentType: file.type,
    state,
    sentBytes,
    bytesPerSecond: isMoving ? progress.bytesPerSecond(now) : 0,
    secondsLeft: isMoving ? progress.secondsLeft(sizeBytes - sentBytes, now) : null,
    key: state.kind === "done" ? state.receipt.key : (session?.key ?? null),
    parts: session?.isMultipart ? session.parts.marks : [],
    retryCount,
  };
}
