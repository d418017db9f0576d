import { DEFAULT_BACKOFF } from "../../../shared/retry.ts";
import { callBackend } from "./backend-call.ts";
import type { Session } from "../session.ts";
import type { SharedWork } from "../shared-work.ts";
import type { Receipt } from "../upload-view.ts";

/** Whoever cancels does not wait longer than about this for a storage that is away, in milliseconds. */
const PATIENCE_MS = 2 * 60_000;

/**
 * Aborts an upload in the storage, as well as can be done: what stays behind is for the bucket's
 * lifecycle rule. A file that goes in one request leaves nothing to abort. Never rejects.
 */
export async function giveBack(
  { id, isMultipart }: { readonly id: string; readonly isMultipart: boolean },
  work: SharedWork,
): Promise<void> {
  if (isMultipart) await tryFor(() => work.api.abort(id, work.signal), work);
}

/** What a cancelled upload became, if the storage was faster; `null` also where nobody can tell. */
export async function findStored({ id }: Session, work: SharedWork): Promise<Receipt | null> {
  const listed = await tryFor(() => work.api.list(id, work.signal), work);
  if (listed?.state !== "completed") return null;
  return tryFor(() => work.api.complete(id, {}, work.signal), work);
}

async function tryFor<T>(operation: () => Promise<T>, work: SharedWork): Promise<T | null> {
  const policy = { ...DEFAULT_BACKOFF, giveUpAfterMs: PATIENCE_MS, giveUpAfterFailures: 5 };
  try {
    return await callBackend(operation, work, { policy });
  } catch {
    // Gone already, closed, or out of reach: nobody is left who could do more.
    return null;
  }
}
