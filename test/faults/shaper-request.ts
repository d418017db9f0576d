/** The head of one HTTP/1.1 request. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly bodySizeBytes: number;
}

/** A piece of what a client sends, in order; together the pieces are every byte that was sent. */
export type RequestPiece =
  | { readonly kind: "head"; readonly head: RequestHead; readonly bytes: Buffer }
  | { readonly kind: "body"; readonly bytes: Buffer; readonly isLast: boolean }
  /** Not understood (a body of unknown length, another protocol): passed on as it is. */
  | { readonly kind: "opaque"; readonly bytes: Buffer };

/** A head that is longer than this is none, in bytes. */
const MAX_HEAD_BYTES = 64 * 1024;

type ReaderState =
  | { readonly kind: "head"; readonly held: Buffer }
  | { readonly kind: "body"; readonly leftBytes: number }
  | { readonly kind: "opaque" };

/** Takes the bytes of one connection apart as they come; bodies have a `Content-Length`. */
export function createRequestReader(): { read(bytes: Buffer): RequestPiece[] } {
  let state: ReaderState = { kind: "head", held: Buffer.alloc(0) };

  const readBody = (leftBytes: number, bytes: Buffer, pieces: RequestPiece[]): Buffer => {
    const body = bytes.subarray(0, leftBytes);
    const rest = bytes.subarray(body.length);
    const isLast = body.length === leftBytes;
    state = isLast
      ? { kind: "head", held: Buffer.alloc(0) }
      : { kind: "body", leftBytes: leftBytes - body.length };
    pieces.push({ kind: "body", bytes: body, isLast });
    return rest;
  };

  const readHead = (held: Buffer, bytes: Buffer, pieces: RequestPiece[]): Buffer => {
    const all = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    const end = all.indexOf("\r\n\r\n");
    if (end === -1 && all.length <= MAX_HEAD_BYTES) {
      state = { kind: "head", held: all };
      return all.subarray(all.length);
    }
    const head = end === -1 ? null : parseHead(all.toString("latin1", 0, end));
    if (head === null) {
      state = { kind: "opaque" };
      return all;
    }
    pieces.push({ kind: "head", head, bytes: all.subarray(0, end + 4) });
    state =
      head.bodySizeBytes > 0
        ? { kind: "body", leftBytes: head.bodySizeBytes }
        : { kind: "head", held: Buffer.alloc(0) };
    return all.subarray(end + 4);
  };

  return {
    read(bytes) {
      const pieces: RequestPiece[] = [];
      let rest = bytes;
      while (rest.length > 0) {
        if (state.kind === "body") rest = readBody(state.leftBytes, rest, pieces);
        else if (state.kind === "head") rest = readHead(state.held, rest, pieces);
        else {
          pieces.push({ kind: "opaque", bytes: rest });
          break;
        }
      }
      return pieces;
    },
  };
}

function parseHead(text: string): RequestHead | null {
  const [requestLine = "", ...lines] = text.split("\r\n");
  const [, method, target] = /^([A-Z]+) (\S+) HTTP\/1\.1$/.exec(requestLine) ?? [];
  if (method === undefined || target === undefined) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  if (headers.has("transfer-encoding")) return null;
  const bodySizeBytes = Number(headers.get("content-length") ?? 0);
  if (!Number.isSafeInteger(bodySizeBytes)) return null;
  return { method, target, headers, bodySizeBytes };
}
