import { createHash } from "node:crypto";
import type { PartHasher } from "../../../../web/transfer/checksum/index.ts";
import type { StorageFacts } from "../../../../web/transfer/storage-facts.ts";

/** A storage whose checksums are made by the model's hasher. */
export const MODEL_STORAGE: StorageFacts = {
  origins: ["https://s3.example"],
  acceleratedOrigins: [],
  accelerationUsdPerGb: null,
  // Parts of SHA-256 are not joined to a whole, so that any text serves as one here.
  checksum: { algorithm: "SHA256", mode: "computed" },
};

/** MD5 of some bytes, in base64. */
export function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("base64");
}

/** A hasher by MD5, whatever it is asked for, which is as good as any for a model; it counts. */
export function createModelHasher(): PartHasher & { hashed: number } {
  const hasher = {
    hashed: 0,
    async hash(blob: Blob) {
      hasher.hashed += 1;
      return md5(new Uint8Array(await blob.arrayBuffer()));
    },
    close: () => undefined,
  };
  return hasher;
}
