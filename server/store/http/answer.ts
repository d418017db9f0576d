import type { Readable } from "node:stream";

/** Bytes of an object, sent as fast as `take` resolves. */
export interface ObjectBytes {
  /** Hands everything over; each piece is `take`'s only until it resolves. */
  pump(take: (bytes: Uint8Array) => Promise<void>): Promise<void>;
  /** Instead of `pump`: nothing will be sent. */
  close(): void;
}

/** What an operation answers; the server adds what every answer carries. */
export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A document, a stream, or the bytes of an object, whose length then stands in `Content-Length`. */
  readonly body?: string | Readable | ObjectBytes;
}

/** A document of XML. */
export function xmlAnswer(body: string, headers: Readonly<Record<string, string>> = {}): S3Answer {
  return { status: 200, headers: { ...headers, "Content-Type": "application/xml" }, body };
}

/** An answer without a body. */
export function emptyAnswer(
  status: 200 | 204,
  headers: Readonly<Record<string, string>> = {},
): S3Answer {
  return { status, headers };
}
