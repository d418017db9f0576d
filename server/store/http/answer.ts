import type { Readable } from "node:stream";

/** What an operation answers; the server adds what every answer carries. */
export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A document, or the bytes of an object, whose length then stands in `Content-Length`. */
  readonly body?: string | Readable;
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
