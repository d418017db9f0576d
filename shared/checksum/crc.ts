import { zerosAfter } from "./crc-combine.ts";
import type { CrcModel } from "./crc-model.ts";
import { CHAIN_SIZE_BYTES, crcModule, DATA_ADDRESS, MEMORY_PAGES } from "./crc-module.ts";

const STRIPE_SIZE_BYTES = 3 * CHAIN_SIZE_BYTES;
/** Whole stripes: what is left over runs through one chain. */
const CAPACITY_BYTES =
  Math.floor((MEMORY_PAGES * 64 * 1024 - DATA_ADDRESS) / STRIPE_SIZE_BYTES) * STRIPE_SIZE_BYTES;

/** Takes bytes into a register and gives the register back; it starts with `crcStart`. */
export type Crc = (register: bigint, bytes: Uint8Array) => bigint;

/** The register before the first byte; the CRC is the last register, inverted by this again. */
export function crcStart({ widthBits }: CrcModel): bigint {
  return (1n << BigInt(widthBits)) - 1n;
}

/**
 * A CRC, with tables and memory that all registers of one thread share: 3 times as fast as one chain of table
 * look-ups.
 * @throws WebAssembly.CompileError where a page's policy forbids WebAssembly
 */
export function createCrc(model: CrcModel): Crc {
  const { memory, chains, registers } = instantiate();
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

interface Instance {
  readonly memory: ArrayBuffer;
  /** Runs one of the loops over `sizeBytes` from `address`. */
  chains(name: "run" | "stripe", register: bigint, address: number, sizeBytes: number): bigint;
  /** Of the second and third chain. */
  registers(): [bigint, bigint];
}

function instantiate(): Instance {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(crcModule()));
  const memory = propertyOf(exports["memory"], "buffer");
  if (!(memory instanceof ArrayBuffer)) throw new TypeError("The CRC module lacks its memory");
  const registerOf = (name: string): bigint => toRegister(propertyOf(exports[name], "value"));
  return {
    memory,
    chains(name, register, address, sizeBytes) {
      const loop = exports[name];
      if (typeof loop !== "function") throw new TypeError(`The CRC module lacks ${name}`);
      return toRegister(loop(register, address, address + sizeBytes));
    },
    registers: () => [registerOf("second"), registerOf("third")],
  };
}

/** As much of the global as is used: its types come with a browser's only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Record<string, unknown> };
};

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** WebAssembly knows signed numbers only. */
function toRegister(value: unknown): bigint {
  return BigInt.asUintN(64, typeof value === "bigint" ? value : 0n);
}

/** Entry n·256 + b: what byte b followed by n zero bytes makes of an empty register. */
function byteTables({ polynomial }: CrcModel): BigUint64Array {
  const tables = new BigUint64Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
    tables[byte] = crc;
  }
  for (let index = 256; index < tables.length; index++) {
    const before = tables[index - 256] ?? 0n;
    tables[index] = (tables[Number(before & 0xffn)] ?? 0n) ^ (before >> 8n);
  }
  return tables;
}
