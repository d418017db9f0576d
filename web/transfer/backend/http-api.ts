import * as z from "zod/mini";
import {
  CompleteUploadResponse,
  CreateUploadsResponse,
  ListPartsResponse,
  Problem,
  SignPartsResponse,
  type OpenedUpload,
} from "../../../shared/api.ts";
import { parseRetryAfterMs } from "../../../shared/retry.ts";
import { errorFromBackend, TransferError } from "../problem.ts";
import type { Opened, UploadApi } from "./upload-api.ts";

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

/** Time-outs in milliseconds; a storage may need minutes to complete. */
const TIMEOUT_MS = 60_000;
const COMPLETE_TIMEOUT_MS = 10 * 60_000;

/** URLs that were signed just now live this long at least, in milliseconds, whatever the clocks say. */
const SHORTEST_LIFE_MS = 60_000;

interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** The request outlives the page. */
  readonly keepalive?: boolean;
}

interface Answer {
  readonly json: unknown;
  /** Local clock minus server's clock, in milliseconds; 0 where the `Date` header is hidden. */
  readonly clockAheadMs: number;
}

/** The backend over HTTP, decoded by the contract's own schemas. */
export function createHttpApi(options: HttpApiOptions = {}): UploadApi {
  const now = options.now ?? Date.now;
  const call = (request: Call) => send(request, options, now);
  const upload = (id: string) => `/api/uploads/${encodeURIComponent(id)}`;
  const localTime = (expiresAt: string, answer: Answer) =>
    Math.max(Date.parse(expiresAt) + answer.clockAheadMs, now() + SHORTEST_LIFE_MS);
  return {
    async create(body) {
      const answer = await call({ method: "POST", path: "/api/uploads", body });
      const { uploads } = decode(CreateUploadsResponse, answer.json);
      return uploads.map((opened) => withLocalExpiry(opened, (time) => localTime(time, answer)));
    },
    async sign(id, body, signal) {
      const path = `${upload(id)}/parts`;
      const answer = await call({ method: "POST", path, body, signal });
      const signed = decode(SignPartsResponse, answer.json);
      const { fields, headers = {}, checksumField = null } = signed;
      const form = fields && { form: { fields, headers, checksumField } };
      return { parts: signed.parts, expiresAt: localTime(signed.expiresAt, answer), ...form };
    },
    async list(id, signal) {
      const answer = await call({ method: "GET", path: `${upload(id)}/parts`, signal });
      return decode(ListPartsResponse, answer.json);
    },
    async complete(id, body, signal) {
      const path = `${upload(id)}/complete`;
      const timeoutMs = COMPLETE_TIMEOUT_MS;
      const answer = await call({ method: "POST", path, body, signal, timeoutMs });
      return decode(CompleteUploadResponse, answer.json);
    },
    async abort(id, signal) {
      await call({ method: "DELETE", path: upload(id), signal });
    },
    async heartbeat(body, isLeaving) {
      await call({ method: "POST", path: "/api/uploads/heartbeat", body, keepalive: isLeaving });
    },
  };
}

function withLocalExpiry(opened: OpenedUpload, localTime: (time: string) => number): Opened {
  return "problem" in opened ? opened : { ...opened, expiresAt: localTime(opened.expiresAt) };
}

async function send(request: Call, options: HttpApiOptions, now: () => number): Promise<Answer> {
  const response = await ask(request, options);
  const text = await textOf(response, request);
  const json = parseJson(text);
  if (!response.ok) {
    const problem = z.safeParse(Problem, json);
    const retryAfterMs = parseRetryAfterMs(response.headers.get("retry-after"), now());
    throw errorFromBackend(response.status, problem.data, retryAfterMs);
  }
  const date = Date.parse(response.headers.get("date") ?? "");
  return { json, clockAheadMs: Number.isNaN(date) ? 0 : now() - date };
}

async function ask(request: Call, options: HttpApiOptions): Promise<Response> {
  const { method, path, body, signal, timeoutMs = TIMEOUT_MS, keepalive = false } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    // Called as a plain function: browsers refuse `fetch` as a method of another object.
    const fetchNow = options.fetch ?? globalThis.fetch;
    return await fetchNow(`${options.baseUrl ?? ""}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { "content-type": "application/json" }),
        ...options.headers?.(),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(keepalive && { keepalive }),
    });
  } catch (cause) {
    throw unreachable(request, cause);
  }
}

async function textOf(response: Response, request: Call): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw unreachable(request, cause);
  }
}

function unreachable(request: Call, cause: unknown): unknown {
  if (request.signal?.aborted) return request.signal.reason;
  return new TransferError("server-unreachable", "retry", "The server did not answer", { cause });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON (a proxy's page, an empty 204): the decoder of the answer says so.
    return undefined;
  }
}

/** A 200 of another shape is most often a captive portal or a proxy: worth another try. */
function decode<T extends z.core.$ZodType>(schema: T, json: unknown): z.core.output<T> {
  const decoded = z.safeParse(schema, json);
  if (decoded.success) return decoded.data;
  throw new TransferError("bad-answer", "retry", "The server's answer is not what was agreed", {
    cause: decoded.error,
  });
}
