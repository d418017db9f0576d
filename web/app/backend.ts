import {
  ConfigResponse,
  CreateDownloadResponse,
  ListObjectsResponse,
  Problem,
  RestoreObjectResponse,
} from "../../shared/api.ts";
import { SchemaResponse } from "../../shared/select-api.ts";
import { SessionResponse } from "../../shared/admin-api.ts";

/** A request that came to nothing: no answer, a problem, or an answer that makes no sense. */
export class BackendError extends Error {
  /** A code of the page's table of problems. */
  readonly code: string;
  readonly requestId: string | undefined;

  constructor(code: string, detail: string, options?: { cause?: unknown; requestId?: string }) {
    super(detail, options && "cause" in options ? { cause: options.cause } : undefined);
    this.name = "BackendError";
    this.code = code;
    this.requestId = options?.requestId;
  }
}

/** How long until a request that broke off is sent once more, in milliseconds. */
const SEND_AGAIN_MS = 250;

/** `fetch`, or what a test has in its place. */
export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

// Not `fetch` itself: its caller has to be the window.
export const browserFetch: Fetch = (path, init) => fetch(path, init);

/**
 * `GET /api/config`.
 * @throws BackendError `server-unreachable`, `bad-answer` or what the server said
 */
export function loadConfig(signal: AbortSignal, send = browserFetch): Promise<ConfigResponse> {
  return request(send, ConfigResponse, "/api/config", { signal });
}

/**
 * `POST /api/downloads`: signed URLs of one object.
 * @throws BackendError as `loadConfig`
 */
export function createDownload(key: string, send = browserFetch): Promise<CreateDownloadResponse> {
  return request(send, CreateDownloadResponse, "/api/downloads", asJson({ key }));
}

/** What is listed of the bucket. */
export interface ObjectListing {
  readonly prefix: string;
  readonly delimiter: string;
  /** Objects and prefixes in a page. */
  readonly limit: number;
  /** `nextCursor` of the page before; `null` for the first page. */
  readonly cursor: string | null;
}

/**
 * `GET /api/objects`: a page of keys.
 * @throws BackendError as `loadConfig`; the signal's reason
 */
export function listObjects(
  { prefix, delimiter, limit, cursor }: ObjectListing,
  signal: AbortSignal,
  send = browserFetch,
): Promise<ListObjectsResponse> {
  const search = new URLSearchParams({ prefix, delimiter, limit: String(limit) });
  if (cursor !== null) search.set("cursor", cursor);
  return request(send, ListObjectsResponse, `/api/objects?${search}`, { signal });
}

/**
 * `POST /api/select/schema`: what an object seems to be.
 * @throws BackendError as `loadConfig`; the signal's reason
 */
export function loadSchema(
  key: string,
  signal: AbortSignal,
  send = browserFetch,
): Promise<SchemaResponse> {
  return request(send, SchemaResponse, "/api/select/schema", { ...asJson({ key }), signal });
}

/**
 * `POST /api/objects/restore`: has an archived object made readable for a week.
 * @throws BackendError as `loadConfig`; the signal's reason
 */
export function restoreObject(
  key: string,
  signal: AbortSignal,
  send = browserFetch,
): Promise<RestoreObjectResponse> {
  const init = { ...asJson({ key }), signal };
  return request(send, RestoreObjectResponse, "/api/objects/restore", init);
}

/**
 * `GET /api/session`: who asks, and how else they could.
 * @throws BackendError as `loadConfig`
 */
export function loadCaller(signal: AbortSignal, send = browserFetch): Promise<SessionResponse> {
  return request(send, SessionResponse, "/api/session", { signal });
}

/**
 * `POST /api/session`: signs an admin in; a cookie remembers it.
 * @throws BackendError `unauthorized` for a wrong password, `rate-limited` after too many
 */
export function signIn(password: string, send = browserFetch): Promise<void> {
  return command(send, "/api/session", asJson({ password }));
}

/** `DELETE /api/session`. @throws BackendError as `loadConfig` */
export function signOut(send = browserFetch): Promise<void> {
  return command(send, "/api/session", { method: "DELETE" });
}

/** The `init` of a request with a JSON body. */
export function asJson(body: object, method: "POST" | "PUT" = "POST"): RequestInit {
  return {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: unknown };
}

/**
 * Asks the backend and decodes its answer.
 * @throws BackendError `server-unreachable`, `bad-answer` or what the server said; the signal's reason
 */
export async function request<T>(
  send: Fetch,
  schema: Schema<T>,
  path: string,
  init: RequestInit,
): Promise<T> {
  const body = await ask(send, path, init);
  const decoded = schema.safeParse(body);
  if (decoded.success) return decoded.data;
  throw new BackendError("bad-answer", `${path}: not as agreed`, { cause: decoded.error });
}

/** A request whose answer has no body; throws BackendError as `request` does. */
export async function command(send: Fetch, path: string, init: RequestInit): Promise<void> {
  await ask(send, path, init);
}

/**
 * A device that changes its network breaks off whatever is under way: what changes nothing is sent once more before
 * anybody hears of it.
 */
async function sendTwice(send: Fetch, path: string, init: RequestInit): Promise<Response> {
  try {
    return await send(path, init);
  } catch (error) {
    if (init.method !== undefined || init.signal?.aborted) throw error;
    await new Promise((resolve) => setTimeout(resolve, SEND_AGAIN_MS));
    return send(path, init);
  }
}

async function ask(send: Fetch, path: string, init: RequestInit): Promise<unknown> {
  const response = await sendTwice(send, path, init).catch((cause: unknown) => {
    if (init.signal?.aborted) throw init.signal.reason;
    throw new BackendError("server-unreachable", "No answer from the server", { cause });
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw asError(path, response.status, body);
  return body;
}

/** What an answer other than 2xx means. @param body decoded; `undefined` where it was no JSON */
export function asError(path: string, status: number, body: unknown): BackendError {
  const problem = Problem.safeParse(body);
  if (problem.success) {
    const { code, detail, requestId } = problem.data;
    return new BackendError(code, detail, requestId === undefined ? {} : { requestId });
  }
  // A proxy in front of a dead backend answers for it, in HTML.
  const code = status >= 500 ? "server-unreachable" : "bad-answer";
  return new BackendError(code, `${path}: HTTP ${status}`);
}
