import { ProblemError } from "../../shared/problem.ts";
import type { UploadPorts } from "../../server/routes/upload-batch.ts";
import { scriptRegister, type Heard } from "./scripted-register.ts";
import {
  checksumHeaders,
  type Capabilities,
  type Storage,
  type ObjectHeaders,
  type StoredObject,
  type StoredPart,
  type UploadAddress,
  type UploadGateway,
} from "../../server/s3/index.ts";

/** A storage in memory that a test fills, watches and overrules; URLs say what was signed. */
export interface ScriptedStorage {
  readonly storage: UploadPorts["storage"];
  readonly objects: Map<string, StoredObject>;
  /** Bytes by key, and a storage that answers no queries itself. */
  readonly contents: Map<string, Uint8Array>;
  readonly select: Pick<
    Storage,
    "bytesOf" | "selectNatively" | "listObjects" | "restoreObject" | "register" | "incomplete"
  >;
  /** What the register of uploads was told last, by upload ID. */
  readonly registered: Map<string, Heard>;
  /** Parts by upload ID; a completed or aborted upload is gone. */
  readonly uploads: Map<string, StoredPart[]>;
  /** Calls in order, such as `head a.txt`. */
  readonly calls: string[];
  /** Replaces functions of the gateway from now on. */
  overrule(functions: Partial<UploadGateway>): void;
}

/** When everything happens. */
export const NOW = new Date("2026-11-23T12:00:00Z");

/** Of an object whose upload has the tag `tag`, as all have that a test puts in itself. */
export const TAGGED = { "sluice-upload": "tag" };

/** An object as it would be after an upload of this moment. */
export function storedObject(object: Partial<StoredObject>): StoredObject {
  return {
    sizeBytes: 0,
    etag: '"d41d8cd98f00b204e9800998ecf8427e"',
    contentType: "text/plain",
    metadata: {},
    ...object,
  };
}

const CAPABLE: Capabilities = {
  conditionalWrites: true,
  equalParts: false,
  checksum: { algorithm: "CRC64NVME", when: "unasked", verifiedAtCompletion: false },
  formPosts: { work: true, keepOptions: true, conditional: true, verifyChecksums: true },
  acceleration: false,
  cors: "present",
  uploadListing: "by-prefix",
  lacks: [],
};

/** Signed for the first origin, and for those that were asked for. */
function at(origins: readonly string[], url: string) {
  return origins.length === 0 ? { url } : { url, alternates: origins.map((at) => at + url) };
}

/** @param capabilities what differs from a storage that can do everything */
export function scriptStorage(capabilities: Partial<Capabilities> = {}): ScriptedStorage {
  const objects = new Map<string, StoredObject>();
  const uploads = new Map<string, StoredPart[]>();
  const calls: string[] = [];
  const headersOf = new Map<string, ObjectHeaders>();
  const gateway: UploadGateway = {
    async headObject(key) {
      calls.push(`head ${key}`);
      return objects.get(key) ?? null;
    },
    async createUpload(key, headers: ObjectHeaders, declared) {
      const uploadId = `upload-${uploads.size + 1}`;
      const algorithm = declared === undefined ? "" : ` declaring ${declared}`;
      calls.push(`create ${key} ${JSON.stringify(headers)}${algorithm}`);
      uploads.set(uploadId, []);
      headersOf.set(uploadId, headers);
      return uploadId;
    },
    async listParts({ uploadId }: UploadAddress) {
      return uploads.get(uploadId) ?? null;
    },
    async completeUpload({ key, uploadId }, parts, { ifAbsent, declared, checksum }) {
      const conditions = [
        ifAbsent ? " if absent" : "",
        declared === undefined ? "" : ` declared ${declared}`,
        checksum === undefined ? "" : ` ${checksum.algorithm} ${checksum.value}`,
      ];
      calls.push(`complete ${key}${conditions.join("")}`);
      uploads.delete(uploadId);
      const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
      const { metadata = TAGGED } = headersOf.get(uploadId) ?? {};
      const etag = `"${"0".repeat(32)}-${parts.length}"`;
      objects.set(key, storedObject({ sizeBytes, etag, metadata }));
    },
    async abortUpload({ uploadId }) {
      calls.push(`abort ${uploadId}`);
      return uploads.delete(uploadId) ? "aborted" : "gone";
    },
  };
  const expiresAt = new Date(NOW.getTime() + 3_600_000);
  const storage: ScriptedStorage["storage"] = {
    bucket: "bucket",
    gateway,
    presigner: {
      signParts: async ({ key }, parts, origins = []) => ({
        parts: parts.map(({ partNumber, checksum }) => ({
          partNumber,
          ...at(origins, `${key}#${partNumber}`),
          ...(checksum === undefined ? {} : { headers: checksumHeaders(checksum) }),
        })),
        expiresAt,
      }),
      signPut: async (key, headers, sizeBytes, origins = []) => ({
        ...at(origins, `${key} ${sizeBytes} ${JSON.stringify(headers)}`),
        expiresAt,
      }),
      signForm: async ({ key, fields, sizeBytes }, origins = []) => ({
        ...at(origins, "/"),
        fields: { key, ...fields, policy: `${sizeBytes}` },
        expiresAt,
      }),
      signGet: async (key, query) => ({ url: `${key} ${JSON.stringify(query)}`, expiresAt }),
    },
    listKeys: async (prefix) => {
      calls.push(`list ${prefix}`);
      return new Set([...objects.keys()].filter((key) => key.startsWith(prefix)));
    },
    capabilities: async () => ({ ...CAPABLE, ...capabilities }),
  };
  const contents = new Map<string, Uint8Array>();
  const { registered, register, incomplete } = scriptRegister();
  return {
    storage,
    objects,
    contents,
    registered,
    select: {
      register,
      incomplete,
      async restoreObject(key, archive, { tier, days }) {
        calls.push(`restore ${key} from ${archive} ${tier} ${days}`);
        return "restoring";
      },
      listObjects: async (listing) => {
        calls.push(`list ${JSON.stringify(listing)}`);
        const found = [...objects].filter(([key]) => key.startsWith(listing.prefix));
        return {
          objects: found.map(([key, { sizeBytes, etag }]) => ({
            key,
            sizeBytes,
            etag,
            lastModified: NOW,
            storageClass: "STANDARD",
          })),
          prefixes: [],
          nextCursor: null,
        };
      },
      bytesOf: (key, { sizeBytes }) => ({
        sizeBytes,
        async *read({ start, end }) {
          calls.push(`read ${key} ${start}-${end}`);
          yield contents.get(key)?.subarray(start, end) ?? new Uint8Array(0);
        },
      }),
      // oxlint-disable-next-line require-yield -- it never gets that far
      async *selectNatively(key) {
        calls.push(`select ${key}`);
        throw new ProblemError("select-unsupported", "The storage answers no queries.");
      },
    },
    uploads,
    calls,
    overrule: (functions) => void Object.assign(gateway, functions),
  };
}
