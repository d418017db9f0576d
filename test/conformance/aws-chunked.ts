import { sendUnsigned, sha256, signedHeaders, signingKey, type RawAnswer } from "./raw-request.ts";
import type { Target } from "./target.ts";

const BLOCK_BYTES = 64 * 1024;

/** A PUT whose body goes out piece by piece. */
export interface ChunkedPut {
  readonly path: string;
  readonly body: Uint8Array;
  /** Whether each piece, and the trailer, carries a signature chained to that of the headers. */
  readonly isSigned?: boolean;
  /** Name and value of the checksum that follows the body. */
  readonly trailer?: readonly [name: string, value: string];
  /** What `x-amz-decoded-content-length` says; default the truth. */
  readonly declaredBytes?: number;
  /** An encoding that the object itself has. */
  readonly contentEncoding?: string;
  /** Last look at the encoded body. */
  readonly tamper?: (encoded: Buffer) => Buffer;
}

/**
 * Sends `put` in content encoding `aws-chunked`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function sendChunked(target: Target, put: ChunkedPut): Promise<RawAnswer> {
  const ask = {
    method: "PUT",
    path: put.path,
    headers: {
      "content-encoding": ["aws-chunked", put.contentEncoding].filter(Boolean).join(","),
      "x-amz-decoded-content-length": String(put.declaredBytes ?? put.body.length),
      ...(put.trailer && announced(put.trailer[0])),
    },
  };
  const signedAt = Date.now();
  const headers = signedHeaders(target, ask, { signedAt, payloadHash: payloadWord(put) });
  const seed = headers["authorization"]?.split("Signature=")[1] ?? "";
  const encoded = encode(put, put.isSigned ? chain(target, signedAt, seed) : undefined);
  return sendUnsigned(target, { ...ask, headers, body: put.tamper?.(encoded) ?? encoded });
}

/** As SDKs announce a checksum that follows the body. */
function announced(name: string): Record<string, string> {
  const algorithm = name.replace("x-amz-checksum-", "").toUpperCase();
  return { "x-amz-trailer": name, "x-amz-sdk-checksum-algorithm": algorithm };
}

/** Signs the next link of a chain; the kind is `PAYLOAD` or `TRAILER`. */
type Chain = (kind: "PAYLOAD" | "TRAILER", content: string | Uint8Array) => string;

// Unsigned pieces have the one word, whether or not a trailer is announced.
function payloadWord({ isSigned, trailer }: ChunkedPut): string {
  if (!isSigned) return "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
  const word = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
  return trailer ? `${word}-TRAILER` : word;
}

function chain(target: Target, signedAt: number, seed: string): Chain {
  const { timestamp, scope, sign } = signingKey(target, { signedAt });
  let previous = seed;
  return (kind, content) => {
    const hashes = kind === "PAYLOAD" ? [sha256(""), sha256(content)] : [sha256(content)];
    const text = [`AWS4-HMAC-SHA256-${kind}`, timestamp, scope, previous, ...hashes].join("\n");
    previous = sign(text);
    return previous;
  };
}

function encode({ body, trailer }: ChunkedPut, signature: Chain | undefined): Buffer {
  const pieces: (string | Uint8Array)[] = [];
  for (let start = 0; start < body.length; start += BLOCK_BYTES) {
    const block = body.subarray(start, start + BLOCK_BYTES);
    pieces.push(head(block, signature), block, "\r\n");
  }
  pieces.push(head(new Uint8Array(), signature));
  if (trailer) {
    const [name, value] = trailer;
    pieces.push(`${name}:${value}\r\n`);
    const signed = signature?.("TRAILER", `${name}:${value}\n`);
    if (signed) pieces.push(`x-amz-trailer-signature:${signed}\r\n`);
  }
  pieces.push("\r\n");
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
}

function head(block: Uint8Array, signature: Chain | undefined): string {
  const extension = signature ? `;chunk-signature=${signature("PAYLOAD", block)}` : "";
  return `${block.length.toString(16)}${extension}\r\n`;
}
