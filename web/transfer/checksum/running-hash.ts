import { createSHA256, type IHasher } from "hash-wasm";
import {
  CRC_MODELS,
  crcStart,
  crcToBase64,
  createCrc,
  isCrcAlgorithm,
  type Crc,
  type CrcAlgorithm,
} from "../../../shared/checksum/index.ts";
import type { HashAlgorithm } from "./part-hasher.ts";

/** A hash under way. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  /** The hash in base64, big-endian; ends it. */
  value(): string;
}

/** Starts hashes; those of one algorithm share tables, and memory where they can. */
export interface Hashes {
  start(algorithm: HashAlgorithm): Promise<RunningHash>;
}

/** The hashes of one thread. */
export function createHashes(): Hashes {
  const crcs = new Map<CrcAlgorithm, Crc>();
  const idle: IHasher[] = [];
  function crcOf(algorithm: CrcAlgorithm): Crc {
    const crc = crcs.get(algorithm) ?? createCrc(CRC_MODELS[algorithm]);
    crcs.set(algorithm, crc);
    return crc;
  }
  return {
    start: async (algorithm) =>
      isCrcAlgorithm(algorithm)
        ? startCrc(algorithm, crcOf(algorithm))
        : startSha256(idle.pop() ?? (await createSHA256()), idle),
  };
}

function startCrc(algorithm: CrcAlgorithm, crc: Crc): RunningHash {
  const start = crcStart(CRC_MODELS[algorithm]);
  let register = start;
  return {
    update(bytes) {
      register = crc(register, bytes);
    },
    value: () => crcToBase64(algorithm, register ^ start),
  };
}

/** A hasher that is given up half-way is lost to the pool, and garbage. */
function startSha256(hasher: IHasher, idle: IHasher[]): RunningHash {
  hasher.init();
  return {
    update: (bytes) => void hasher.update(bytes),
    value() {
      const digest = hasher.digest("binary");
      idle.push(hasher);
      return btoa(String.fromCharCode(...digest));
    },
  };
}
