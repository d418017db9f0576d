import { createHash } from "node:crypto";
import { hc } from "hono/client";
import { expect } from "vitest";
import type { Api } from "../../server/routes/index.ts";
import type { S3Endpoint } from "../../server/s3/index.ts";
import type { CreateUploadsRequest, OpenedUpload } from "../../shared/api.ts";
import { openTarget, type Target } from "../conformance/target.ts";
import { serveBackend } from "./serve-backend.ts";

/** An upload in parts, as it was opened. */
export type Multipart = Extract<OpenedUpload, { method: "multipart" }>;

/** An upload in one request, as it was opened. */
export type Single = Extract<OpenedUpload, { method: "put" | "post" }>;

/** The backend over a real socket, in front of a bucket of the server that is tested. */
export interface UploadRig {
  readonly target: Target;
  readonly bucket: S3Endpoint;
  /** Where the backend listens, without a slash at its end. */
  readonly url: string;
  readonly api: ReturnType<typeof hc<Api>>["api"];
  openAll(
    files: CreateUploadsRequest["files"],
    options?: Omit<CreateUploadsRequest, "files">,
  ): Promise<OpenedUpload[]>;
  /** Opens a film of that name and size. */
  openMultipart(name: string, sizeBytes: number, ifExists?: "fail"): Promise<Multipart>;
  /** Whether the storage keeps checksums of whole objects. */
  hasChecksums(): Promise<boolean>;
  complete(id: string, json?: object): Promise<Response>;
  download(key: string): Promise<{ bytes: Buffer; response: Response }>;
  close(): Promise<void>;
}

/**
 * Makes a bucket and serves it.
 * @param inFront starts what stands between backend and storage, and says where
 */
export async function openUploadRig(
  inFront: (endpoint: string) => Promise<string> = async (endpoint) => endpoint,
): Promise<UploadRig> {
  const target = await openTarget();
  const { region, accessKeyId, secretAccessKey } = target;
  const endpoint = await inFront(target.endpoint);
  const bucket = {
    bucket: await target.makeBucket(),
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  };
  // A server on loopback has a second name, which to a browser is another origin.
  const local = endpoint.replace("127.0.0.1", "localhost");
  const backend = await serveBackend(bucket, [endpoint, local]);
  const { api } = hc<Api>(backend.url);
  const openAll: UploadRig["openAll"] = async (files, options = {}) => {
    const response = await api.uploads.$post({ json: { files, ...options } });
    expect(response.status).toBe(201);
    return (await response.json()).uploads;
  };
  return {
    target,
    bucket,
    url: backend.url,
    api,
    openAll,
    async openMultipart(name, sizeBytes, ifExists = undefined) {
      const files = [{ name, sizeBytes, contentType: "video/mp4" }];
      return asMultipart((await openAll(files, ifExists && { ifExists }))[0]);
    },
    hasChecksums: async () => (await (await api.config.$get()).json()).storage.checksum !== null,
    complete: (id, json = {}) => api.uploads[":id"].complete.$post({ param: { id }, json }),
    async download(key) {
      const signed = await (await api.downloads.$post({ json: { key } })).json();
      const response = await fetch(signed.urls[0] ?? "");
      return { bytes: Buffer.from(await response.arrayBuffer()), response };
    },
    async close() {
      await backend.close();
      await target.close();
    },
  };
}

/** @throws where it is another kind of upload, or none */
export function asMultipart(upload: OpenedUpload | undefined): Multipart {
  if (upload === undefined || !("method" in upload) || upload.method !== "multipart") {
    throw new Error(`No multipart upload: ${JSON.stringify(upload)}`);
  }
  return upload;
}

/** @throws where it is another kind of upload, or none */
export function asSingle(upload: OpenedUpload | undefined): Single {
  if (upload === undefined || !("method" in upload) || upload.method === "multipart") {
    throw new Error(`Not for one request: ${JSON.stringify(upload)}`);
  }
  return upload;
}

/** Sends a file as the browser does: by PUT, or as the last field of a form. */
export function sendSingle(
  upload: Single,
  body: string,
  changed: { headers?: Record<string, string>; fields?: Record<string, string> } = {},
): Promise<Response> {
  const headers = { ...upload.headers, ...changed.headers };
  if (upload.method === "put") return fetch(upload.url, { method: "PUT", headers, body });
  const form = new FormData();
  const fields = { ...upload.fields, ...changed.fields };
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([body]));
  return fetch(upload.url, { method: "POST", headers, body: form });
}

/** Sends parts of the size that was proposed, those of `partNumbers`. */
export async function sendParts(
  upload: Multipart,
  bytes: Uint8Array<ArrayBuffer>,
  partNumbers: readonly number[],
) {
  const etags: { partNumber: number; etag: string }[] = [];
  for (const { partNumber, url } of upload.parts) {
    if (!partNumbers.includes(partNumber)) continue;
    const start = (partNumber - 1) * upload.partSizeBytes;
    const body = bytes.subarray(start, start + upload.partSizeBytes);
    const response = await fetch(url, { method: "PUT", body });
    expect(response.status, await response.text()).toBe(200);
    etags.push({ partNumber, etag: response.headers.get("etag") ?? "" });
  }
  return etags;
}

/** The problem of a refused request; the client's types know answers of success alone. */
export async function problemOf(response: { status: number; text(): Promise<string> }) {
  expect(response.status).toBeGreaterThanOrEqual(400);
  return JSON.parse(await response.text());
}

/** In hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
