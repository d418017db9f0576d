import type { Check, ProbeResponse } from "../../../../../shared/admin-api.ts";
import type { Fetch } from "../../../backend.ts";

/** Signed URLs of one object at one origin. */
export type ProbeAddress = ProbeResponse["origins"][number];

/** What a browser tries an origin with. */
export interface OriginLine {
  readonly send: Fetch;
  /** Origin of this page, as the storage is told it. */
  readonly pageOrigin: string;
}

/** For one request, in milliseconds. */
const TIMEOUT_MS = 15_000;

/** As it was signed; browsers send it by themselves with a body that is a string. */
const CONTENT_TYPE = "text/plain;charset=UTF-8";

/** Why an origin cannot be written to. */
type Refusal =
  "mixed" | "cors" | "unreachable" | { readonly status: number; readonly said: string };

/** A PUT that was answered, or what stood in its way. */
export type PutOutcome =
  | { readonly isWritten: true; readonly etag: string | null }
  | { readonly isWritten: false; readonly refusal: Refusal };

/**
 * Sends bytes to a signed URL as an upload does: with a preflight.
 * @param timeoutMs for the whole request
 * @throws the signal's reason
 */
export async function putProbe(
  line: OriginLine,
  url: string,
  body: string | Blob,
  signal: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<PutOutcome> {
  const origin = new URL(url).origin;
  if (line.pageOrigin.startsWith("https:") && origin.startsWith("http:")) {
    return { isWritten: false, refusal: "mixed" };
  }
  const headers = { "content-type": CONTENT_TYPE };
  const answer = await ask(line, url, { method: "PUT", headers, body }, signal, timeoutMs);
  if (answer === null) {
    const isThere = await isReachable(line, origin, signal);
    return { isWritten: false, refusal: isThere ? "cors" : "unreachable" };
  }
  if (answer.ok) return { isWritten: true, etag: answer.headers.get("etag") };
  return { isWritten: false, refusal: { status: answer.status, said: await readCode(answer) } };
}

/** Tries one origin of the bucket: a PUT, its ETag, and a range of what was put. */
export async function checkOrigin(
  line: OriginLine,
  { origin, putUrl, getUrl }: ProbeAddress,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const put = await putProbe(line, putUrl, "0", signal);
  const write: Check = {
    ...nameOf("put", `This browser may write to ${origin}`, origin),
    tried: "PUT of 1 byte by a signed URL, with its preflight.",
    ...(put.isWritten ? pass("The storage took it.") : judgeRefusal(put.refusal, line, origin)),
  };
  if (!put.isWritten) return [write];
  const range = await checkRange(line, origin, { getUrl, etag: put.etag }, signal);
  return [write, judgeEtag(put.etag, origin), range];
}

/** Tries an accelerated origin; none of ours needs it. */
export async function checkAcceleratedOrigin(
  line: OriginLine,
  { origin, putUrl }: ProbeAddress,
  signal: AbortSignal,
): Promise<Check> {
  const put = await putProbe(line, putUrl, "0", signal);
  const name = nameOf(
    "accelerated",
    `This browser reaches ${origin}, which is accelerated`,
    origin,
  );
  const tried = "PUT of 1 byte by a signed URL, with its preflight.";
  if (put.isWritten) return { ...name, tried, ...pass("The storage took it.") };
  const { detail, remedy } = judgeRefusal(put.refusal, line, origin);
  const follows = "Uploads go straight to the bucket instead.";
  return {
    ...name,
    tried,
    status: "warn",
    detail: `${detail} ${follows}`,
    ...(remedy && { remedy }),
  };
}

type Verdict = Pick<Check, "status" | "detail" | "remedy">;

function nameOf(kind: string, title: string, origin: string): Pick<Check, "id" | "title"> {
  return { id: `browser-${kind} ${origin}`, title };
}

function pass(detail: string): Verdict {
  return { status: "pass", detail };
}

function judgeEtag(etag: string | null, origin: string): Check {
  return {
    ...nameOf("etag", `This browser may read the ETag from ${origin}`, origin),
    tried: "The ETag in the answer to that PUT.",
    ...(etag === null
      ? corsVerdict(
          "The answer hides it: without the ETag of each part an upload cannot be completed by this page.",
        )
      : pass(`It is ${etag}.`)),
  };
}

async function checkRange(
  line: OriginLine,
  origin: string,
  { getUrl, etag }: { readonly getUrl: string; readonly etag: string | null },
  signal: AbortSignal,
): Promise<Check> {
  const name = {
    ...nameOf("range", `This browser may read ranges from ${origin}`, origin),
    tried: "GET of the byte with Range, and Content-Range in its answer.",
  };
  // As downloads ask; a range alone would need no preflight.
  const headers = { range: "bytes=0-0", ...(etag !== null && { "if-match": etag }) };
  const answer = await ask(line, getUrl, { headers, cache: "no-store" }, signal);
  if (answer === null) return { ...name, ...corsVerdict("The browser got no readable answer.") };
  await answer.body?.cancel();
  if (answer.status !== 206) {
    const detail = `The storage answered with ${answer.status} in place of 206: downloads cannot go on where they ended.`;
    return { ...name, status: answer.ok ? "warn" : "fail", detail };
  }
  const range = answer.headers.get("content-range");
  if (range !== null) return { ...name, ...pass(`It says ${range}.`) };
  return {
    ...name,
    ...corsVerdict("The answer hides Content-Range: queries and previews cannot tell the size."),
  };
}

function judgeRefusal(refusal: Refusal, line: OriginLine, origin: string): Verdict {
  if (refusal === "cors") {
    return corsVerdict(
      `${origin} answers, but does not let ${line.pageOrigin} send to it: its CORS rules lack this site. Uploads fail.`,
    );
  }
  if (refusal === "mixed") {
    return {
      status: "fail",
      detail: "This page came by HTTPS, and browsers let such a page send nothing to plain HTTP.",
      remedy: {
        text: "Give the storage a certificate, and name its https address in S3_PUBLIC_ENDPOINTS.",
      },
    };
  }
  if (refusal === "unreachable") {
    return {
      status: "fail",
      detail: "No answer: this browser cannot reach the storage there, whatever the server can.",
      remedy: {
        text: "Correct S3_PUBLIC_ENDPOINTS to an address that browsers reach; a proxy, an ad blocker or a certificate that is not trusted may stand in between.",
      },
    };
  }
  const { status, said } = refusal;
  return {
    status: "fail",
    detail: `The storage refuses it with ${status}${said && ` (${said})`}.`,
    remedy: { text: "See what the server’s own checks say about PutObject and signed URLs." },
  };
}

function corsVerdict(detail: string): Verdict {
  return {
    status: "fail",
    detail,
    remedy: {
      text: "Set a rule for this site; other rules stay as they are.",
      action: {
        label: "Set the CORS rule",
        method: "PUT",
        path: "/api/admin/bucket/cors",
        // The sites that upload, and this one: others must not be shut out by it.
        body: {},
      },
    },
  };
}

/** An answer, or `null` where the browser shows none; throws the signal's reason. */
async function ask(
  { send }: OriginLine,
  url: string,
  init: RequestInit,
  signal: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<Response | null> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    return await send(url, { ...init, credentials: "omit", signal: either });
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

/** Whether anything answers there, which a page is told even where it may not read it. */
async function isReachable(
  line: OriginLine,
  origin: string,
  signal: AbortSignal,
): Promise<boolean> {
  const asked = { mode: "no-cors", cache: "no-store" } as const;
  return (await ask(line, new URL("/", origin).href, asked, signal)) !== null;
}

async function readCode(answer: Response): Promise<string> {
  const text = await answer.text().catch(() => "");
  return /<Code>([\w.-]{1,64})<\/Code>/.exec(text.slice(0, 4096))?.[1] ?? "";
}
