import { createHash, type Hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { CRC_MODELS, crcStart, createCrc, type Crc } from "../../../shared/checksum/index.ts";
import type { ChecksumAlgorithm } from "../engine.ts";

/** Digests that the store computes: S3's checksums and the MD5 of the ETag. */
export type DigestName = ChecksumAlgorithm | "MD5";

/** A running digest. */
export interface RunningDigest {
  update(bytes: Uint8Array): void;
  /** The digest, big-endian; ends it. */
  digest(): Buffer;
}

/** Starts digests, which share a WebAssembly instance for each CRC. */
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

/** MD5, SHA-1, SHA-256 and CRC32 are Node's own native ones; it has neither CRC32C nor CRC64NVME. */
export function createDigests(): Digests {
  const crcs = new Map<WasmCrc, Crc>();
  function crcOf(name: WasmCrc): Crc {
    const crc = crcs.get(name) ?? createCrc(CRC_MODELS[name]);
    crcs.set(name, crc);
    return crc;
  }
  return {
    start: (name) => {
      switch (name) {
        case "CRC32":
          return Promise.resolve(startCrc32());
        case "CRC32C":
        case "CRC64NVME":
          return Promise.resolve(startWasmCrc(name, crcOf(name)));
        default:
          return Promise.resolve(startHash(createHash(name)));
      }
    },
  };
}

type WasmCrc = "CRC32C" | "CRC64NVME";

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

function startWasmCrc(name: WasmCrc, crc: Crc): RunningDigest {
  const start = crcStart(CRC_MODELS[name]);
  let register = start;
  return {
    update(bytes) {
      register = crc(register, bytes);
    },
    digest() {
      const digest = Buffer.alloc(8);
      digest.writeBigUInt64BE(register ^ start);
      return digest.subarray(8 - DIGEST_SIZE_BYTES[name]);
    },
  };
}
