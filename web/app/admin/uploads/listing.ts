import { MAX_UPLOADS_PER_PAGE, type ListUploadsResponse } from "../../../../shared/admin-api.ts";
import { BackendError } from "../../backend.ts";
import { tryAgain, type WaitPorts } from "./try-again.ts";
import type { UploadPage, UploadsApi } from "./uploads-api.ts";

/** Where the list stands. Times are milliseconds since 1970. */
export type ListingState =
  | { readonly kind: "listing" }
  /** A page did not come; it is asked for again by itself. */
  | { readonly kind: "waiting"; readonly problem: BackendError; readonly retryAtMs: number }
  | { readonly kind: "failed"; readonly problem: BackendError }
  | { readonly kind: "stopped" }
  /** There are more uploads than a page of a browser should hold. */
  | { readonly kind: "full" }
  | { readonly kind: "complete" };

/** The first page is small, so that there is something to see at once. */
const FIRST_LIMIT = 100;

/** Rows that are kept; some 100 MB. */
export const MAX_ROWS = 500_000;

/** What a list is made with, and whom it tells. */
export interface ListingPorts extends WaitPorts {
  readonly list: UploadsApi["list"];
  readonly onPage: (page: ListUploadsResponse) => void;
  readonly onState: (state: ListingState) => void;
}

/** A list that goes on where it ended. */
export interface Listing {
  /** From the first page, or from where it stopped or failed; ends when the state is final. */
  go(): Promise<void>;
  stop(): void;
}

/**
 * Lists all incomplete uploads under a prefix, page by page; a page that does not come is asked for again, from
 * the same cursor.
 */
export function createListing(prefix: string, ports: ListingPorts): Listing {
  const { onPage, onState } = ports;
  let next: Pick<UploadPage, "limit" | "cursor"> = { limit: FIRST_LIMIT, cursor: null };
  let listed = 0;
  let run = new AbortController();

  /** The next page, told; whether there is one behind it. */
  async function takePage(signal: AbortSignal): Promise<boolean> {
    const page = await tryAgain(
      () => ports.list({ prefix, ...next }, signal),
      signal,
      ports,
      ({ error, delayMs }) => {
        if (!(error instanceof BackendError)) return;
        onState({ kind: "waiting", problem: error, retryAtMs: ports.now() + delayMs });
      },
    );
    signal.throwIfAborted();
    next = { limit: MAX_UPLOADS_PER_PAGE, cursor: page.nextCursor };
    listed += page.uploads.length;
    onPage(page);
    return page.nextCursor !== null;
  }

  return {
    async go() {
      run.abort();
      run = new AbortController();
      const { signal } = run;
      try {
        do onState({ kind: "listing" });
        while ((await takePage(signal)) && listed < MAX_ROWS);
        onState({ kind: next.cursor === null ? "complete" : "full" });
      } catch (error) {
        // Who stopped it has said so.
        if (signal.aborted) return;
        if (!(error instanceof BackendError)) throw error;
        onState({ kind: "failed", problem: error });
      }
    },
    stop() {
      run.abort();
      onState({ kind: "stopped" });
    },
  };
}
