import type { IncomingMessage, ServerResponse } from "node:http";
import { xml, xmlError, type S3Script } from "../scripted-s3.ts";

/** What a modelled storage can; left out: nothing of it. */
export interface Abilities {
  readonly conditions?: boolean;
  /** `unseen`: whatever is declared is kept. */
  readonly checksums?: "unasked" | "asked" | "declared" | "unseen";
  readonly forms?: {
    readonly conditions?: boolean;
    readonly checksums?: boolean;
    readonly etag?: boolean;
  };
  /** Uploads are listed by their exact key alone. */
  readonly listsByKey?: boolean;
  /** The status that everything is answered with. */
  readonly fails?: number;
}

type Fields = Readonly<Record<string, string>>;

/** A storage that answers probes as one of these abilities would, and what it still holds. */
export interface ModelledStorage {
  readonly script: S3Script;
  /** `PUT`, `PUT part`, `POST form` and so on. */
  readonly requests: string[];
  /** Header fields of objects by path. */
  readonly objects: Map<string, Fields>;
  readonly uploads: Map<string, { readonly key: string; readonly named: Fields; kept: Fields }>;
}

/** One request that has been read. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
  readonly path: string;
  readonly uploadId: string;
}

/** CRC-64/NVME of the one byte that probes send. */
const SUM = "XPtRC3YuN6s=";
const SUM_FIELD = "x-amz-checksum-crc64nvme";

/** @param abilities looked up for every request, so that a test may change them */
export function modelStorage(abilities: () => Abilities): ModelledStorage {
  const model: ModelledStorage = {
    requests: [],
    objects: new Map(),
    uploads: new Map(),
    script(request, response, body) {
      const { searchParams, pathname } = new URL(request.url ?? "", "http://x");
      const kind = kindOf(request, searchParams);
      model.requests.push(kind);
      const uploadId = searchParams.get("uploadId") ?? "";
      const exchange = { request, response, body, path: pathname, uploadId };
      const { fails } = abilities();
      if (fails === undefined) ANSWERS[kind]?.(exchange, model, abilities());
      else xmlError(response, fails, "Modelled");
    },
  };
  return model;
}

type Answer = (exchange: Exchange, model: ModelledStorage, abilities: Abilities) => void;

const ANSWERS: Readonly<Record<string, Answer>> = {
  "GET cors": ({ response }) => xmlError(response, 404, "NoSuchCORSConfiguration"),
  "POST form": takeForm,
  "GET uploads"({ request, response }, { uploads }, { listsByKey }) {
    const prefix = new URL(request.url ?? "", "http://x").searchParams.get("prefix") ?? "";
    const found = [...uploads].filter(([, { key }]) =>
      listsByKey ? key === prefix : key.startsWith(prefix),
    );
    const rows = found.map(([uploadId]) => `<Upload><UploadId>${uploadId}</UploadId></Upload>`);
    xml(response, 200, `<R>${rows.join("")}</R>`);
  },
  "POST uploads"({ request, response, path }, { uploads, requests }) {
    const uploadId = `u${requests.length}`;
    const key = path.replace("/bucket/", "");
    uploads.set(uploadId, { key, named: named(request), kept: {} });
    xml(response, 200, `<R><UploadId>${uploadId}</UploadId></R>`);
  },
  PUT({ request, response, path }, { objects }, { checksums }) {
    const kept = keptOf(named(request), checksums);
    if (kept === null) return xmlError(response, 400, "BadDigest");
    objects.set(path, kept);
    response.writeHead(200, { etag: '"x"', ...kept }).end();
  },
  "PUT part"({ request, response, uploadId }, { uploads }, { checksums }) {
    const upload = uploads.get(uploadId);
    const kept = keptOf({ ...upload?.named, ...named(request) }, checksums);
    if (upload === undefined || kept === null) return xmlError(response, 400, "BadDigest");
    upload.kept = kept;
    response.writeHead(200, { etag: '"x"', ...kept }).end();
  },
  "POST complete"({ request, response, path, uploadId }, { objects, uploads }, { conditions }) {
    if (request.headers["if-match"] !== undefined && conditions) {
      return xmlError(response, 412, "PreconditionFailed");
    }
    objects.set(path, uploads.get(uploadId)?.kept ?? {});
    uploads.delete(uploadId);
    xml(response, 200, '<R><ETag>"x"</ETag></R>');
  },
  HEAD: ({ response, path }, { objects }) =>
    void response.writeHead(200, { "content-length": "1", ...objects.get(path) }).end(),
  DELETE({ response, path, uploadId }, { objects, uploads }) {
    if (uploadId === "") objects.delete(path);
    else uploads.delete(uploadId);
    response.writeHead(204).end();
  },
};

/** What is kept of a body's checksum, or `null` where it is refused. */
function keptOf(fields: Fields, checksums: Abilities["checksums"]): Fields | null {
  const isAsked = /CRC64NVME/.test(
    `${fields["x-amz-checksum-algorithm"]} ${fields["x-amz-sdk-checksum-algorithm"]}`,
  );
  const declared = fields[SUM_FIELD];
  if (checksums === "unasked" || (checksums === "asked" && isAsked)) return { [SUM_FIELD]: SUM };
  if (declared === undefined || checksums === undefined || checksums === "asked") return {};
  return declared === SUM || checksums === "unseen" ? { [SUM_FIELD]: declared } : null;
}

function takeForm(
  { response, body }: Exchange,
  { objects }: ModelledStorage,
  { forms }: Abilities,
): void {
  if (forms === undefined) return xmlError(response, 501, "NotImplemented");
  const field = (name: string) =>
    new RegExp(`name="${name}"\r\n\r\n(.*)\r\n`).exec(body)?.[1] ?? "";
  const path = `/bucket/${field("key")}`;
  if (forms.conditions && field("if-none-match") === "*" && objects.has(path)) {
    return xmlError(response, 412, "PreconditionFailed");
  }
  const sum = field(SUM_FIELD);
  if (forms.checksums && sum !== "" && sum !== SUM) return xmlError(response, 400, "BadDigest");
  const kept = ["Content-Type", "x-amz-meta-sluice-probe"].map((name) => [name, field(name)]);
  objects.set(path, Object.fromEntries(kept));
  response.writeHead(204, forms.etag === false ? {} : { etag: '"x"' }).end();
}

function kindOf({ method = "", headers }: IncomingMessage, query: URLSearchParams): string {
  if (method === "GET" && query.has("cors")) return "GET cors";
  if (method === "GET" && query.has("uploads")) return "GET uploads";
  if (headers["content-type"]?.startsWith("multipart/form-data")) return "POST form";
  if (method === "POST") return query.has("uploads") ? "POST uploads" : "POST complete";
  return method === "PUT" && query.has("partNumber") ? "PUT part" : method;
}

function named({ headers }: IncomingMessage): Fields {
  const fields = Object.entries(headers).filter(([name]) => name.startsWith("x-amz-"));
  return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
}
