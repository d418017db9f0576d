import type { IncompleteUploads, UploadRegister } from "../../server/s3/index.ts";

/** What a register was told of an upload. */
export type Heard = Parameters<UploadRegister["write"]>[0];

/** A register in memory, and a storage that lists no incomplete uploads. */
export function scriptRegister(): {
  /** By upload ID. */
  readonly registered: Map<string, Heard>;
  readonly register: UploadRegister;
  readonly incomplete: IncompleteUploads;
} {
  const registered = new Map<string, Heard>();
  return {
    registered,
    register: {
      async write(heard) {
        registered.set(heard.note.uploadId, heard);
      },
      async remove({ uploadId }) {
        registered.delete(uploadId);
      },
      lookUp: async () => ({ of: () => undefined, others: new Map() }),
      read: async () => null,
    },
    incomplete: {
      list: async () => ({ uploads: [], next: null, source: "storage" }),
      heldParts: async () => null,
      livenessOf: () => "unknown",
    },
  };
}
