import { createHash, randomFillSync } from "node:crypto";
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { CRC_MODELS, crcStart, crcToBase64, createCrc } from "../../../shared/checksum/index.ts";
import type { BenchFile } from "./storage.ts";

const BLOCK_BYTES = 4 * 1024 * 1024;

/** Starts a running CRC64NVME that is told bytes and gives its value as S3 writes it. */
type StartChecksum = () => { update(bytes: Uint8Array): void; value(): string };

/** Writes `count` files of `sizeBytes` each, of random bytes, into `dir`; memory does not grow with them. */
export function writeBenchFiles(dir: string, count: number, sizeBytes: number): BenchFile[] {
  mkdirSync(dir, { recursive: true });
  const width = String(count).length;
  const startChecksum = crc64Nvme();
  return Array.from({ length: count }, (_, index) => {
    // Without an extension a file has no type that would be sent along unsigned.
    const name = `file-${String(index + 1).padStart(width, "0")}`;
    return writeBenchFile(join(dir, name), sizeBytes, startChecksum);
  });
}

function writeBenchFile(path: string, sizeBytes: number, startChecksum: StartChecksum): BenchFile {
  const crc = startChecksum();
  const md5 = createHash("md5");
  const block = Buffer.alloc(Math.min(BLOCK_BYTES, sizeBytes));
  const file = openSync(path, "w");
  for (let offset = 0; offset < sizeBytes; offset += block.length) {
    const piece = randomFillSync(block.subarray(0, Math.min(block.length, sizeBytes - offset)));
    writeSync(file, piece);
    md5.update(piece);
    crc.update(piece);
  }
  closeSync(file);
  return { path, sizeBytes, md5: md5.digest("hex"), crc64Nvme: crc.value() };
}

function crc64Nvme(): StartChecksum {
  const start = crcStart(CRC_MODELS.CRC64NVME);
  const take = createCrc(CRC_MODELS.CRC64NVME);
  return () => {
    let register = start;
    return {
      update: (bytes) => {
        register = take(register, bytes);
      },
      value: () => crcToBase64("CRC64NVME", register ^ start),
    };
  };
}
