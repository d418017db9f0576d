/** One request to the storage. */
export interface PartRequest {
  readonly method: "PUT" | "POST";
  readonly url: string;
  /** Exactly the headers that were signed; nothing else may be sent. */
  readonly headers: Readonly<Record<string, string>>;
  /** A slice without a type, so that the browser adds no `Content-Type` that nobody signed. */
  readonly body: Blob | FormData;
  /** Listening makes a browser ask for permission first, where a plain form would need none. */
  readonly reportsProgress: boolean;
  /** The header of the answer in which the storage may name its checksum. */
  readonly checksumHeader: string | null;
}

/** What came back, whatever its status. */
export interface PartResponse {
  readonly status: number;
  /** `null` where the storage sent none, or CORS hides it. */
  readonly etag: string | null;
  /** The storage's own checksum of what arrived, base64; `null` where it names none. */
  readonly checksum: string | null;
  /** Seconds or a date, as the header has it. */
  readonly retryAfter: string | null;
  /** S3's XML on failure; empty on success. */
  readonly body: string;
}

/** The way to the storage: XMLHttpRequest in a browser, a script in tests. */
export interface PartTransport {
  /**
   * Sends one request and reports `sentBytes` of its body as they leave.
   * @throws TransferError `network` where no answer could be read; the signal's reason where it was stopped
   */
  send(
    request: PartRequest,
    signal: AbortSignal,
    onProgress: (sentBytes: number) => void,
  ): Promise<PartResponse>;
  /** Whether anything answers at the origin of `url`, CORS or not. */
  answers(url: string, signal: AbortSignal): Promise<boolean>;
}
