import { createServer, type Server, type ServerResponse, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { S3Error } from "../s3-error.ts";
import { errorAnswer } from "./error-answer.ts";
import { type Exchange, type ExchangeContext, startExchange } from "./exchange.ts";

/** Most bytes of a request's line and headers: S3's own bound is 8 KiB without the URL. */
const MAX_HEADER_BYTES = 16 * 1024;
const READ_BUFFER_BYTES = 256 * 1024;
const KEEP_ALIVE_MS = 65_000;

/**
 * Makes the HTTP server of the store; it does not listen yet.
 * A request's headers have to arrive within `context.idleMs`, its body may take any time.
 */
export function createS3Server(context: ExchangeContext): Server {
  const exchanges = new WeakMap<Duplex, Exchange>();
  const answer =
    (expectsContinue: boolean) => (request: IncomingMessage, response: ServerResponse) => {
      exchanges.set(request.socket, startExchange(request, response, context, expectsContinue));
      response.on("close", () => {
        exchanges.delete(request.socket);
        // A server that is closing waits for connections, and those that are kept alive stay.
        if (!server.listening) setImmediate(() => server.closeIdleConnections());
      });
    };
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    highWaterMark: READ_BUFFER_BYTES,
    headersTimeout: context.idleMs,
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(context.idleMs, 5000),
    noDelay: true,
  });
  server.on("request", answer(false));
  server.on("checkContinue", answer(true));
  server.on("checkExpectation", answer(false));
  server.on("clientError", (error, socket) => {
    const exchange = exchanges.get(socket);
    // Cut within a body: its own answer can still be sent to a client that only closed its side.
    exchange?.fail(new S3Error("IncompleteBody", { cause: error }));
    if (!socket.writable || codeOf(error) === "ECONNRESET") socket.destroy();
    else if (!exchange) refuse(socket, toRefusal(codeOf(error)));
  });
  return server;
}

function codeOf(error: Error): unknown {
  return "code" in error ? error.code : undefined;
}

function toRefusal(code: unknown): S3Error {
  if (code === "HPE_HEADER_OVERFLOW") return new S3Error("RequestHeaderSectionTooLarge");
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return new S3Error("RequestTimeout");
  return new S3Error("InvalidRequest", {
    message: "An error occurred when parsing the HTTP request.",
  });
}

// There is no request yet whose answer this could be: it is written as it goes over the wire.
function refuse(socket: Duplex, error: S3Error): void {
  const answer = errorAnswer(error, { requestId: "", hostId: "", resource: "" });
  const body = typeof answer.body === "string" ? answer.body : "";
  socket.end(
    `HTTP/1.1 ${error.status} ${error.code}\r\nContent-Type: application/xml\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
