import { TransferError } from "../problem.ts";
import type { PartResponse, PartTransport } from "./part-transport.ts";

const PROBE_TIMEOUT_MS = 5_000;

/** Signed, but sent by the browser itself, which forbids a script to set them. */
const BROWSER_HEADERS: ReadonlySet<string> = new Set(["host", "content-length"]);

/** XMLHttpRequest, because `fetch` still reports no upload progress. */
export function createXhrTransport(): PartTransport {
  return { send, answers };
}

const send: PartTransport["send"] = (request, signal, onProgress) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const xhr = new XMLHttpRequest();
    const stop = () => {
      xhr.abort();
      reject(signal.reason);
    };
    signal.addEventListener("abort", stop);
    xhr.addEventListener("loadend", () => signal.removeEventListener("abort", stop));
    xhr.addEventListener("load", () => resolve(readResponse(xhr, request.checksumHeader)));
    xhr.addEventListener("error", () => reject(networkError()));
    if (request.reportsProgress) {
      xhr.upload.addEventListener("progress", (event) => onProgress(event.loaded));
    }
    xhr.open(request.method, request.url);
    for (const [name, value] of Object.entries(request.headers)) {
      if (!BROWSER_HEADERS.has(name.toLowerCase())) xhr.setRequestHeader(name, value);
    }
    xhr.send(request.body);
  });

function readResponse(xhr: XMLHttpRequest, checksumHeader: string | null): PartResponse {
  return {
    status: xhr.status,
    etag: visibleHeader(xhr, "etag"),
    checksum: checksumHeader === null ? null : visibleHeader(xhr, checksumHeader),
    retryAfter: visibleHeader(xhr, "retry-after"),
    body: xhr.status < 300 ? "" : xhr.responseText.slice(0, 4096),
  };
}

/** Asking for a header that CORS hides makes Chromium write an error to the console: look first. */
function visibleHeader(xhr: XMLHttpRequest, name: string): string | null {
  const names = xhr.getAllResponseHeaders().toLowerCase();
  return `\n${names}`.includes(`\n${name}:`) ? xhr.getResponseHeader(name) : null;
}

function networkError(): TransferError {
  return new TransferError("storage-unreachable", "retry", "The storage gave no readable answer");
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const timeout = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    await fetch(new URL("/", url), {
      mode: "no-cors",
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.any([signal, timeout]),
    });
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
