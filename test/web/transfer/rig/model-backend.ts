import { createHash } from "node:crypto";
import type {
  CreateUploadsRequest,
  ListPartsResponse,
  SignPartsRequest,
} from "../../../../shared/api.ts";
import { partRange } from "../../../../shared/part-plan.ts";
import { errorFromBackend, TransferError } from "../../../../web/transfer/problem.ts";
import type { Opened, UploadApi } from "../../../../web/transfer/backend/upload-api.ts";
import type { PartRequest, PartResponse } from "../../../../web/transfer/line/part-transport.ts";

interface ModelUpload {
  readonly key: string;
  readonly sizeBytes: number;
  readonly isMultipart: boolean;
  /** Null for a stream. */
  readonly announcedBytes: number | null;
  readonly parts: Map<number, Uint8Array>;
  state: "open" | "completed" | "aborted" | "lost";
}

/** A backend and an S3 in memory that keep their rules; tests bend them through `beforeCall`. */
export interface ModelBackend {
  readonly api: UploadApi;
  readonly calls: string[];
  readonly uploads: Map<string, ModelUpload>;
  readonly objects: Map<string, Uint8Array>;
  /** Runs before every call; what it throws, the call throws. */
  beforeCall: (name: keyof UploadApi, detail: unknown) => void | Promise<void>;
  /** Runs after a call took effect: throwing here is an answer that gets lost. */
  afterCall: (name: keyof UploadApi) => void;
  now: () => number;
  urlLifeMs: number;
  firstWindow: number;
  partSizes: "equal" | "free";
  /** Origins for which URLs are signed; the first is where everything goes by default. */
  origins: readonly string[];
  /** What the storage says of the bytes of a part. */
  checksumOf: (bytes: Uint8Array) => string | null;
  /** Small files go as forms. */
  usesForms: boolean;
  /** Hears what is to be signed. */
  sign: (request: SignPartsRequest) => void;
  /** What the storage answers to a PUT. */
  put(request: PartRequest): Promise<PartResponse>;
  /** The storage forgets an upload, as a lifecycle rule makes it. */
  forget(id: string): void;
}

const PART_BYTES = 10;
const THRESHOLD_BYTES = 20;

export const MODEL = { partBytes: PART_BYTES, thresholdBytes: THRESHOLD_BYTES };

export function problemOf(status: number, code: string): TransferError {
  const problem = { type: "about:blank", title: code, status, detail: code, code };
  return errorFromBackend(status, problem, null);
}

export function unreachable(): TransferError {
  return new TransferError("server-unreachable", "retry", "scripted");
}

export function createModelBackend(): ModelBackend {
  let signatures = 0;
  const uploads = new Map<string, ModelUpload>();
  const calls: string[] = [];

  const url = (id: string, partNumber: number, origin = model.origins[0]) => {
    signatures += 1;
    const expires = model.now() + model.urlLifeMs;
    return `${origin}/${id}?part=${partNumber}&expires=${expires}&n=${signatures}`;
  };

  /** Signed for the first origin, and for the others that were asked for. */
  const signed = (id: string, partNumber: number, wanted: readonly string[] = []) => {
    const others = model.origins.slice(1).filter((origin) => wanted.includes(origin));
    const alternates = others.map((origin) => url(id, partNumber, origin));
    return { partNumber, url: url(id, partNumber), ...(alternates.length > 0 && { alternates }) };
  };

  const uploadOf = (id: string) => {
    const upload = uploads.get(id);
    if (!upload) throw problemOf(403, "id-invalid");
    return upload;
  };

  const around = async <T>(name: keyof UploadApi, detail: unknown, work: () => T): Promise<T> => {
    calls.push(name);
    await model.beforeCall(name, detail);
    const answer = work();
    model.afterCall(name);
    return answer;
  };

  const open = (
    file: CreateUploadsRequest["files"][number],
    wanted?: readonly string[],
  ): Opened => {
    if (file.name.includes("\0")) {
      const detail = "invalid-name";
      return { problem: { type: "", title: "", status: 400, detail, code: "invalid-name" } };
    }
    const id = `id${uploads.size + 1}`;
    const sizeBytes = file.sizeBytes ?? 0;
    const isMultipart =
      file.sizeBytes === null || (sizeBytes >= THRESHOLD_BYTES && file.inOneRequest !== true);
    const key = file.relativePath ?? file.name;
    const announcedBytes = file.sizeBytes;
    uploads.set(id, {
      key,
      sizeBytes,
      announcedBytes,
      isMultipart,
      parts: new Map(),
      state: "open",
    });
    const expiresAt = model.now() + model.urlLifeMs;
    if (!isMultipart && model.usesForms) {
      const fields = { key, policy: "p" };
      const headers = { "if-none-match": "*" };
      const checksumField = "x-amz-checksum-crc64nvme";
      return {
        id,
        key,
        method: "post",
        url: url(id, 1),
        fields,
        headers,
        checksumField,
        expiresAt,
      };
    }
    if (!isMultipart) {
      return { id, key, method: "put", url: url(id, 1), headers: { "x-signed": "1" }, expiresAt };
    }
    const partCount = file.sizeBytes === null ? null : Math.ceil(sizeBytes / PART_BYTES);
    const windowParts = Math.min(partCount ?? model.firstWindow, model.firstWindow);
    const parts = Array.from({ length: windowParts }, (_, index) => signed(id, index + 1, wanted));
    return {
      id,
      key,
      method: "multipart",
      partSizes: model.partSizes,
      partSizeBytes: PART_BYTES,
      partCount,
      parts,
      expiresAt,
    };
  };

  const model: ModelBackend = {
    calls,
    uploads,
    objects: new Map(),
    beforeCall: () => undefined,
    afterCall: () => undefined,
    now: () => 0,
    urlLifeMs: 3_600_000,
    firstWindow: 100,
    partSizes: "equal",
    origins: ["https://s3.example"],
    checksumOf: () => null,
    usesForms: false,
    sign: () => undefined,
    api: {
      create: (request) =>
        around("create", request, () => request.files.map((file) => open(file, request.origins))),
      sign: (id, request) =>
        around("sign", request.partNumbers, () => {
          model.sign(request);
          const { partNumbers, origins } = request;
          const { isMultipart } = uploadOf(id);
          const parts = partNumbers.map((partNumber) => signed(id, partNumber, origins));
          const expiresAt = model.now() + model.urlLifeMs;
          if (isMultipart || !model.usesForms) return { parts, expiresAt };
          const form = { fields: { policy: "anew" }, headers: {}, checksumField: null };
          return { parts, expiresAt, form };
        }),
      list: (id) => around("list", id, () => listParts(uploadOf(id), model.partSizes)),
      complete: (id, { parts, checksum }) =>
        around("complete", { parts, checksum }, () => {
          const upload = uploadOf(id);
          if (upload.state === "lost" || upload.state === "aborted")
            throw problemOf(410, "upload-gone");
          if (upload.state === "open") completeUpload(upload, parts);
          const etag = etagOf(model.objects.get(upload.key) ?? new Uint8Array());
          const sizeBytes = model.objects.get(upload.key)?.length ?? 0;
          return { key: upload.key, sizeBytes, etag };
        }),
      abort: (id) =>
        around("abort", id, () => {
          const upload = uploadOf(id);
          if (upload.state === "open") upload.state = "aborted";
          upload.parts.clear();
        }),
    },
    async put({ url, body }) {
      const file = body instanceof Blob ? body : body.get("file");
      if (!(file instanceof Blob)) throw new Error("A form without a file");
      const target = new URL(url);
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (Number(target.searchParams.get("expires")) < model.now())
        return refusal(403, "AccessDenied");
      const upload = uploads.get(target.pathname.slice(1));
      if (!upload || (upload.isMultipart && upload.state !== "open")) {
        return refusal(404, "NoSuchUpload");
      }
      upload.parts.set(Number(target.searchParams.get("part")), bytes);
      if (!upload.isMultipart) {
        upload.state = "completed";
        model.objects.set(upload.key, bytes);
      }
      return {
        status: 200,
        etag: etagOf(bytes),
        checksum: model.checksumOf(bytes),
        retryAfter: null,
        body: "",
      };
    },
    forget(id) {
      const upload = uploadOf(id);
      upload.state = "lost";
      upload.parts.clear();
    },
  };

  const completeFree = (upload: ModelUpload, named: readonly { partNumber: number }[]) => {
    const stored = [...upload.parts].toSorted(([a], [b]) => a - b);
    if (stored.some(([partNumber], index) => partNumber !== index + 1)) {
      throw problemOf(409, "upload-incomplete");
    }
    const object = Buffer.concat(stored.map(([, bytes]) => bytes));
    const isWhole = upload.announcedBytes === null || object.length === upload.announcedBytes;
    if (!isWhole || named.length !== stored.length) throw problemOf(409, "upload-incomplete");
    model.objects.set(upload.key, object);
    upload.state = "completed";
  };

  const completeUpload = (upload: ModelUpload, parts: readonly { partNumber: number }[] = []) => {
    if (model.partSizes === "free") return completeFree(upload, parts);
    const partCount = Math.ceil(upload.sizeBytes / PART_BYTES);
    if (upload.parts.size !== partCount) throw problemOf(409, "upload-incomplete");
    const plan = { sizeBytes: upload.sizeBytes, partSizeBytes: PART_BYTES, partCount };
    const object = new Uint8Array(upload.sizeBytes);
    for (const [partNumber, bytes] of upload.parts) {
      const { start, end } = partRange(plan, partNumber);
      if (bytes.length !== end - start) throw problemOf(409, "upload-incomplete");
      object.set(bytes, start);
    }
    if (parts.length !== partCount) throw problemOf(409, "upload-incomplete");
    model.objects.set(upload.key, object);
    upload.state = "completed";
  };

  return model;
}

export function refusal(status: number, code: string): PartResponse {
  const body = `<Error><Code>${code}</Code><Message>scripted</Message></Error>`;
  return { status, etag: null, checksum: null, retryAfter: null, body };
}

function listParts(
  { state, parts, key, announcedBytes }: ModelUpload,
  partSizes: "equal" | "free",
): ListPartsResponse {
  const stated = { partSizeBytes: PART_BYTES, key, sizeBytes: announcedBytes, partSizes };
  if (state !== "open") {
    return { parts: [], ...stated, state: state === "completed" ? "completed" : "gone" };
  }
  const listed = [...parts].map(([partNumber, bytes]) => ({
    partNumber,
    sizeBytes: bytes.length,
    etag: etagOf(bytes),
  }));
  return { parts: listed, ...stated, state };
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}
