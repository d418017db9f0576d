import type { UploadApi } from "./upload-api.ts";

/** Where the backend is and how to speak to it. */
export interface HttpApiOptions {
  /** Origin and path before `/api`, without a trailing slash; the page's own origin unless told. */
  readonly baseUrl?: string;
  readonly fetch?: typeof fetch;
  /** Sent with every request, asked for anew each time (a grant may be renewed). */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** The backend over HTTP, decoded by the contract's own schemas. */
export function createHttpApi(_options: HttpApiOptions = {}): UploadApi {
  throw new Error("The client is being built");
}
