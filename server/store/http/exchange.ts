/** One request and its answer: from the signature to the last byte. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { CorsRule } from "../engine.ts";
import { isS3Error, S3Error } from "../s3-error.ts";
import type { ObjectBytes, S3Answer } from "./answer.ts";
import { createRequestBody } from "./body.ts";
import { corsHeaders, matchCorsRule, VARY } from "./cors.ts";
import { errorAnswer, toS3Error } from "./error-answer.ts";
import { type HeaderFields, parseHeaders } from "./headers.ts";
import { readIncoming } from "./incoming-body.ts";
import type { OperationContext } from "./operations/context.ts";
import { postObject } from "./operations/post-object.ts";
import { answerPreflight } from "./preflight.ts";
import { hoistQuery, parseTarget, type RequestTarget } from "./request.ts";
import { route } from "./router.ts";
import { type Verifier, verifyRequest } from "./sigv4/verify.ts";

/** What happened to one request. */
export interface ExchangeReport {
  readonly requestId: string;
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly durationMs: number;
  /** S3's code, where the request failed. */
  readonly code?: string;
  /** What lies behind an internal error. */
  readonly cause?: unknown;
}

/** What all exchanges of a server share. */
export interface ExchangeContext extends OperationContext {
  readonly verifier: Verifier;
  /** How long a client may be silent within a body, in milliseconds. */
  readonly idleMs: number;
  readonly report: (exchange: ExchangeReport) => void;
}

/** An exchange under way, as its socket sees it. */
export interface Exchange {
  /** The connection broke within the body: ends it with an answer, where none has been sent. */
  fail(error: S3Error): void;
}

interface Incoming {
  readonly request: IncomingMessage;
  readonly headers: HeaderFields;
  readonly method: string;
  readonly signal: AbortSignal;
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** How long an unread body is received for the sake of the answer, in milliseconds. */
const LINGER_MS = 15_000;

/** Starts to answer `request`; the exchange reports itself when it is over. */
export function startExchange(
  request: IncomingMessage,
  response: ServerResponse,
  context: ExchangeContext,
  expectsContinue: boolean,
): Exchange {
  const startedAt = performance.now();
  const requestId = randomBytes(8).toString("hex").toUpperCase();
  const controller = new AbortController();
  let awaitsContinue = expectsContinue;
  const sendContinue = (): void => {
    if (awaitsContinue) response.writeContinue();
    awaitsContinue = false;
  };
  response.on("close", () => {
    if (!response.writableFinished) controller.abort(new S3Error("IncompleteBody"));
  });
  const { signal } = controller;
  const incoming: Incoming = {
    request,
    headers: parseHeaders(request.rawHeaders),
    method: request.method ?? "",
    signal,
    read: () => readIncoming(request, { idleMs: context.idleMs, sendContinue, signal }),
  };
  const ids = { requestId, hostId: randomBytes(24).toString("base64") };
  void answerTo(incoming, context, ids)
    .then(({ answer, error }) => {
      report(context, incoming, { requestId, startedAt, status: answer.status }, error);
      const isReceiving = !awaitsContinue && !signal.aborted;
      return send(request, response, withIds(answer, ids), isReceiving);
    })
    // The client is gone, or an object's bytes failed under way: a cut connection says so.
    .catch(() => response.destroy());
  return {
    fail(error) {
      controller.abort(error);
      if (response.headersSent) request.destroy();
    },
  };
}

interface Ids {
  readonly requestId: string;
  readonly hostId: string;
}

async function answerTo(
  incoming: Incoming,
  context: ExchangeContext,
  ids: Ids,
): Promise<{ readonly answer: S3Answer; readonly error?: S3Error }> {
  let cors: Readonly<Record<string, string>> = {};
  let resource = "/";
  try {
    const target = parseTarget(incoming.request.url ?? "/");
    resource = target.path;
    const rules = await corsRules(target.bucket, context);
    if (incoming.method === "OPTIONS") return { answer: answerPreflight(incoming.headers, rules) };
    cors = actualCors(incoming, rules);
    const answer = await perform(incoming, target, context);
    return { answer: withHeaders(answer, cors) };
  } catch (thrown) {
    const error = toS3Error(thrown);
    return { answer: withHeaders(errorAnswer(error, { ...ids, resource }), cors), error };
  }
}

function perform(
  incoming: Incoming,
  target: RequestTarget,
  context: ExchangeContext,
): Promise<S3Answer> {
  const { method, headers, signal } = incoming;
  const { bucket, key } = target;
  if (
    method === "POST" &&
    bucket !== undefined &&
    key === undefined &&
    !target.query.has("delete")
  ) {
    const form = { bucket, headers, body: once(incoming.read), signal };
    return postObject(form, context, context.verifier);
  }
  const signed = { method, path: target.path, queryPairs: target.query.pairs, headers };
  const verified = verifyRequest(signed, context.verifier);
  const fields = hoistQuery(headers, target.query);
  const body = createRequestBody({ headers: fields, verified, signal, read: incoming.read });
  const { accessKeyId } = verified;
  return route({ ...target, method, headers: fields, body, accessKeyId, signal }, context);
}

function once(read: Incoming["read"]): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => read()[Symbol.asyncIterator]() };
}

async function corsRules(
  bucket: string | undefined,
  { engine }: ExchangeContext,
): Promise<readonly CorsRule[] | undefined> {
  if (bucket === undefined) return undefined;
  try {
    return await engine.buckets.getDocument(bucket, "cors");
  } catch (error) {
    if (isS3Error(error)) return undefined;
    throw error;
  }
}

function actualCors(
  { headers, method }: Incoming,
  rules: readonly CorsRule[] | undefined,
): Readonly<Record<string, string>> {
  if (!rules) return {};
  const origin = headers.get("origin");
  const rule = origin !== undefined && matchCorsRule(rules, { origin, method, headers: [] });
  // Answers without an origin depend on it too: a cache must not hand them to a page that has one.
  return origin !== undefined && rule ? corsHeaders(rule, origin) : { Vary: VARY };
}

function withHeaders(answer: S3Answer, headers: Readonly<Record<string, string>>): S3Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function withIds(answer: S3Answer, { requestId, hostId }: Ids): S3Answer {
  const ids = { "x-amz-request-id": requestId, "x-amz-id-2": hostId, Server: "Sluice" };
  return withHeaders(answer, ids);
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: S3Answer,
  isReceiving: boolean,
): Promise<void> {
  const { status, headers = {} } = answer;
  const body = request.method === "HEAD" || status === 304 ? undefined : answer.body;
  if (body === undefined) letGo(answer.body);
  const text = typeof body === "string" ? Buffer.from(body) : undefined;
  const hasLength = Object.keys(headers).some((name) => name.toLowerCase() === "content-length");
  const isBodiless = status === 204 || status === 304;
  const length =
    hasLength || isBodiless || typeof body === "object"
      ? {}
      : { "Content-Length": String(text?.length ?? 0) };
  const isUnread = !(request.complete || request.readableEnded);
  response.writeHead(status, { ...headers, ...length, ...(isUnread && { Connection: "close" }) });
  if (body instanceof Readable) return pipeline(body, response);
  if (typeof body === "object") return sendObject(body, response);
  if (!isUnread || !isReceiving) {
    response.end(text);
    return undefined;
  }
  if (text) response.write(text);
  else response.flushHeaders();
  await drain(request);
  response.end();
  return undefined;
}

function letGo(body: S3Answer["body"]): void {
  if (body instanceof Readable) body.destroy();
  else if (typeof body === "object") body.close();
}

async function sendObject(body: ObjectBytes, response: ServerResponse): Promise<void> {
  let onClose: () => void = () => undefined;
  // A response whose client is gone forgets the callbacks of its writes.
  response.on("close", () => onClose());
  await body.pump(
    (bytes) =>
      new Promise((resolve, reject) => {
        onClose = () => reject(new Error("The client has left"));
        if (response.destroyed) onClose();
        else response.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
  );
  response.end();
}

// Closing while the client still sends resets the connection, and the answer is lost with it.
function drain(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LINGER_MS);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.on("end", done).on("close", done).on("error", done).resume();
  });
}

function report(
  context: ExchangeContext,
  { request, method }: Incoming,
  outcome: { readonly requestId: string; readonly startedAt: number; readonly status: number },
  error: S3Error | undefined,
): void {
  context.report({
    requestId: outcome.requestId,
    method,
    url: withoutSignature(request.url ?? ""),
    status: outcome.status,
    durationMs: performance.now() - outcome.startedAt,
    ...(error && { code: error.code }),
    ...(error?.code === "InternalError" && { cause: error.cause }),
  });
}

// Whoever reads the log must not be able to repeat a presigned request.
function withoutSignature(url: string): string {
  return url.replace(/(X-Amz-Signature=)[^&]*/gi, "$1…");
}
