import { isMultipart, type Session } from "../session.ts";
import type { UploadState } from "../upload-view.ts";
import type { Living, LifeSign } from "./heartbeat.ts";

/** What there is to say of an upload; null for one that the storage would not keep parts of. */
export function lifeSignOf(session: Session | null, state: UploadState): Living | null {
  if (session === null || !isMultipart(session)) return null;
  return { id: session.id, sign: signOf(state) };
}

function signOf({ kind }: UploadState): LifeSign | null {
  switch (kind) {
    case "queued":
    case "opening":
    case "uploading":
    case "waiting":
    case "completing":
      return "uploading";
    // It stands still until somebody tries again.
    case "failed":
    case "paused":
      return "paused";
    case "done":
    case "cancelled":
      return null;
  }
}
