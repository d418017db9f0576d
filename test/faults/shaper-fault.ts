import type { RequestHead } from "./shaper-request.ts";

/** How often each fault befalls a request that carries a file's bytes: probabilities, together at most 1. */
export interface FaultRates {
  /** The connection is reset at a random byte of the body. */
  readonly reset: number;
  /** 503 SlowDown once the body has come; the storage never hears of it. */
  readonly slowDown: number;
  /** From a random byte of the body on, nothing moves any more, and nobody says why. */
  readonly stall: number;
  /** The storage has done it; its answer is lost with the connection. */
  readonly lostAnswer: number;
}

/** What happens to one request. */
export type Fault =
  | { readonly kind: "none" }
  | { readonly kind: "reset" | "stall"; readonly afterBytes: number }
  | { readonly kind: "slowDown" | "lostAnswer" };

/** The same seed gives the same numbers, uniform in 0 (inclusive) to 1 (exclusive). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Draws what happens to a request; every transfer draws twice, so that one fault moves no other. */
export function drawFault(head: RequestHead, rates: FaultRates, random: () => number): Fault {
  if (!isTransfer(head)) return { kind: "none" };
  const [which, where] = [random(), random()];
  const afterBytes = Math.floor(where * head.bodySizeBytes);
  let upTo = rates.reset;
  if (which < upTo) return { kind: "reset", afterBytes };
  if (which < (upTo += rates.stall)) return { kind: "stall", afterBytes };
  if (which < (upTo += rates.slowDown)) return { kind: "slowDown" };
  if (which < upTo + rates.lostAnswer) return { kind: "lostAnswer" };
  return { kind: "none" };
}

/** Whether the request carries bytes of a file: a PUT, or a form. */
export function isTransfer({ method, headers, bodySizeBytes }: RequestHead): boolean {
  if (method === "PUT") return bodySizeBytes > 0;
  const type = headers.get("content-type") ?? "";
  return method === "POST" && type.startsWith("multipart/form-data");
}

/** S3's answer when it is asked too often, readable by the page that asked. */
export function slowDownAnswer(head: RequestHead): Buffer {
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SlowDown</Code>' +
    "<Message>Please reduce your request rate.</Message><RequestId>SHAPER</RequestId></Error>";
  const origin = head.headers.get("origin");
  const lines = [
    "HTTP/1.1 503 Slow Down",
    "Content-Type: application/xml",
    `Content-Length: ${body.length}`,
    ...(origin === undefined ? [] : [`Access-Control-Allow-Origin: ${origin}`, "Vary: Origin"]),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
