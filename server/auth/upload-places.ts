import { ProblemError } from "../../shared/problem.ts";

/** An upload that nobody heard of again holds its place no longer, in milliseconds: its ID has expired. */
const FORGOTTEN_AFTER_MS = 7 * 24 * 60 * 60_000;

/** Of all callers together; beyond it the oldest are forgotten. One costs some 200 bytes. */
const MAX_REMEMBERED = 200_000;

/** How many uploads each caller has begun in parts and not ended. Behind this a cache that replicas share can stand. */
export interface UploadPlaces {
  /** Takes a place, before the storage is asked. @throws ProblemError `rate-limited` where there is none */
  take(owner: string): Promise<void>;
  /** What the place was taken for; `null` where nothing was begun, which gives it back. */
  settle(owner: string, uploadId: string | null): Promise<void>;
  /** The upload was completed or aborted; repeating it does nothing. */
  free(uploadId: string): Promise<void>;
}

/** Counts in this process alone: what was begun before it started, or elsewhere, is not known to it. */
export function createUploadPlaces(maxOfOne: number, nowMs: () => number = Date.now): UploadPlaces {
  /** In the order in which they were begun. */
  const begun = new Map<string, { readonly owner: string; readonly atMs: number }>();
  const countOf = new Map<string, number>();
  const change = (owner: string, by: 1 | -1) => {
    const count = (countOf.get(owner) ?? 0) + by;
    if (count > 0) countOf.set(owner, count);
    else countOf.delete(owner);
  };
  const free = (uploadId: string) => {
    const upload = begun.get(uploadId);
    if (upload !== undefined && begun.delete(uploadId)) change(upload.owner, -1);
  };
  const forget = () => {
    for (const [uploadId, { atMs }] of begun) {
      if (begun.size <= MAX_REMEMBERED && nowMs() - atMs < FORGOTTEN_AFTER_MS) return;
      free(uploadId);
    }
  };
  return {
    async take(owner) {
      forget();
      if ((countOf.get(owner) ?? 0) >= maxOfOne) throw tooMany(maxOfOne);
      change(owner, 1);
    },
    async settle(owner, uploadId) {
      if (uploadId === null || begun.has(uploadId)) change(owner, -1);
      else begun.set(uploadId, { owner, atMs: nowMs() });
    },
    free: async (uploadId) => free(uploadId),
  };
}

function tooMany(most: number): ProblemError {
  return new ProblemError(
    "rate-limited",
    `You have ${most} uploads that are neither completed nor aborted: end some of them before you begin more.`,
    { retryAfterSeconds: 60 },
  );
}
