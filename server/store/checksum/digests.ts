import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { createCRC32, type IHasher } from "hash-wasm";
import type { ChecksumAlgorithm } from "../engine.ts";
import { CRC64_START, createCrc64, type Crc64 } from "./crc64.ts";

/** Digests that the store computes: S3's checksums and the MD5 of the ETag. */
export type DigestName = ChecksumAlgorithm | "MD5";

/** A running digest. */
export interface RunningDigest {
  update(bytes: Uint8Array): void;
  /** The digest, big-endian; ends it. */
  digest(): Buffer;
}

/** Starts digests and keeps idle WebAssembly instances, which have memory of their own, for the next. */
export interface Digests {
  start(name: DigestName): Promise<RunningDigest>;
}

/** Length of a digest in bytes. */
export const DIGEST_SIZE_BYTES: Readonly<Record<DigestName, number>> = {
  MD5: 16,
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

/**
 * MD5, SHA-1, SHA-256 and CRC32 are Node's own native ones. It has neither CRC32C, which comes from hash-wasm,
 * nor CRC64NVME, which every body gets and therefore has a faster module of ours.
 */
export function createDigests(): Digests {
  const crc32c = createHasherPool(() => createCRC32(0x82f63b78));
  let crc64: Crc64 | undefined;
  return {
    async start(name) {
      switch (name) {
        case "CRC32":
          return startCrc32();
        case "CRC32C":
          return crc32c();
        case "CRC64NVME":
          return startCrc64((crc64 ??= createCrc64()));
        default:
          return startHash(createHash(name));
      }
    },
  };
}

function startHash(hash: Hash): RunningDigest {
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}

function startCrc32(): RunningDigest {
  let crc = 0;
  return {
    update(bytes) {
      crc = crc32(bytes, crc);
    },
    digest() {
      const digest = Buffer.alloc(4);
      digest.writeUInt32BE(crc);
      return digest;
    },
  };
}

function startCrc64(crc64: Crc64): RunningDigest {
  let register = CRC64_START;
  return {
    update(bytes) {
      register = crc64(register, bytes);
    },
    digest() {
      const digest = Buffer.alloc(8);
      digest.writeBigUInt64BE(register ^ CRC64_START);
      return digest;
    },
  };
}

function createHasherPool(create: () => Promise<IHasher>): () => Promise<RunningDigest> {
  const idle: IHasher[] = [];
  return async () => {
    const hasher = idle.pop() ?? (await create());
    hasher.init();
    return {
      update: (bytes) => void hasher.update(bytes),
      digest() {
        const digest = Buffer.from(hasher.digest("binary"));
        idle.push(hasher);
        return digest;
      },
    };
  };
}
