import { zerosAfter } from "./crc-combine.ts";
import { instantiateCrc, type CrcInstance } from "./crc-instance.ts";
import type { Crc, CrcModel } from "./crc-model.ts";
import { CHAIN_SIZE_BYTES, DATA_ADDRESS, MEMORY_PAGES } from "./crc-module.ts";
import { byteTable, createTableCrc } from "./crc-table.ts";

const STRIPE_SIZE_BYTES = 3 * CHAIN_SIZE_BYTES;
/** Whole stripes: what is left over runs through one chain. */
const CAPACITY_BYTES =
  Math.floor((MEMORY_PAGES * 64 * 1024 - DATA_ADDRESS) / STRIPE_SIZE_BYTES) * STRIPE_SIZE_BYTES;

/**
 * A CRC, with tables and memory that all registers of one thread share. Where WebAssembly is forbidden it takes
 * ten times as long.
 */
export function createCrc(model: CrcModel): Crc {
  let instance: CrcInstance;
  try {
    instance = instantiateCrc();
  } catch {
    return createTableCrc(model);
  }
  return createWasmCrc(model, instance);
}

/** Three chains of look-ups at once: 3 times as fast as one. */
function createWasmCrc(model: CrcModel, { memory, chains, registers }: CrcInstance): Crc {
  const table = byteTables(model);
  new BigUint64Array(memory).set(table);
  const data = new Uint8Array(memory, DATA_ADDRESS, CAPACITY_BYTES);
  const pastChain = zerosAfter(model, CHAIN_SIZE_BYTES);

  function take(register: bigint, sizeBytes: number): bigint {
    let crc = register;
    let at = 0;
    for (; at + STRIPE_SIZE_BYTES <= sizeBytes; at += STRIPE_SIZE_BYTES) {
      const first = chains("stripe", crc, DATA_ADDRESS + at, CHAIN_SIZE_BYTES);
      const [second, third] = registers();
      crc = pastChain(pastChain(first) ^ second) ^ third;
    }
    const wordBytes = (sizeBytes - at) & ~7;
    if (wordBytes > 0) crc = chains("run", crc, DATA_ADDRESS + at, wordBytes);
    for (const byte of data.subarray(at + wordBytes, sizeBytes)) {
      crc = (table[Number((crc ^ BigInt(byte)) & 0xffn)] ?? 0n) ^ (crc >> 8n);
    }
    return crc;
  }

  return (register, bytes) => {
    let crc = register;
    for (let start = 0; start < bytes.length; start += CAPACITY_BYTES) {
      const piece = bytes.subarray(start, start + CAPACITY_BYTES);
      data.set(piece);
      crc = take(crc, piece.length);
    }
    return crc;
  };
}

/** Entry n·256 + b: what byte b followed by n zero bytes makes of an empty register. */
function byteTables(model: CrcModel): BigUint64Array {
  const tables = new BigUint64Array(8 * 256);
  tables.set(byteTable(model));
  for (let index = 256; index < tables.length; index++) {
    const before = tables[index - 256] ?? 0n;
    tables[index] = (tables[Number(before & 0xffn)] ?? 0n) ^ (before >> 8n);
  }
  return tables;
}
