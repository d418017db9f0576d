import type { UploadPorts } from "../../server/routes/open-uploads.ts";
import type {
  Capabilities,
  ObjectHeaders,
  StoredObject,
  StoredPart,
  UploadAddress,
  UploadGateway,
} from "../../server/s3/index.ts";

/** A storage in memory that a test fills, watches and overrules; URLs say what was signed. */
export interface ScriptedStorage {
  readonly storage: UploadPorts["storage"];
  readonly objects: Map<string, StoredObject>;
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
    async createUpload(key, headers: ObjectHeaders) {
      const uploadId = `upload-${uploads.size + 1}`;
      calls.push(`create ${key} ${JSON.stringify(headers)}`);
      uploads.set(uploadId, []);
      headersOf.set(uploadId, headers);
      return uploadId;
    },
    async listParts({ uploadId }: UploadAddress) {
      return uploads.get(uploadId) ?? null;
    },
    async completeUpload({ key, uploadId }, parts, ifAbsent) {
      calls.push(`complete ${key}${ifAbsent ? " if absent" : ""}`);
      uploads.delete(uploadId);
      const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
      const { metadata = TAGGED } = headersOf.get(uploadId) ?? {};
      const etag = `"${"0".repeat(32)}-${parts.length}"`;
      objects.set(key, storedObject({ sizeBytes, etag, metadata }));
    },
    async abortUpload({ uploadId }) {
      calls.push(`abort ${uploadId}`);
      uploads.delete(uploadId);
    },
  };
  const expiresAt = new Date(NOW.getTime() + 3_600_000);
  const storage: ScriptedStorage["storage"] = {
    bucket: "bucket",
    gateway,
    presigner: {
      signParts: async ({ key }, partNumbers) => ({
        parts: partNumbers.map((partNumber) => ({ partNumber, url: `${key}#${partNumber}` })),
        expiresAt,
      }),
      signPut: async (key, headers, sizeBytes) => ({
        url: `${key} ${sizeBytes} ${JSON.stringify(headers)}`,
        expiresAt,
      }),
      signGet: async (key, query) => ({ url: `${key} ${JSON.stringify(query)}`, expiresAt }),
    },
    listKeys: async (prefix) => {
      calls.push(`list ${prefix}`);
      return new Set([...objects.keys()].filter((key) => key.startsWith(prefix)));
    },
    capabilities: async () => ({
      conditionalWrites: true,
      equalParts: false,
      cors: "present",
      lacks: [],
      ...capabilities,
    }),
  };
  return {
    storage,
    objects,
    uploads,
    calls,
    overrule: (functions) => void Object.assign(gateway, functions),
  };
}
