import { crcModule } from "./crc-module.ts";

/** The loops of the CRC module and the memory that they run over. */
export interface CrcInstance {
  readonly memory: ArrayBuffer;
  /** Runs one of the loops over `sizeBytes` from `address`. */
  chains(name: "run" | "stripe", register: bigint, address: number, sizeBytes: number): bigint;
  /** Of the second and third chain. */
  registers(): [bigint, bigint];
}

/**
 * Makes an instance with a memory of its own, without tables.
 * @throws ReferenceError, WebAssembly.CompileError … where a page's policy or a browser's mode forbids WebAssembly
 */
export function instantiateCrc(): CrcInstance {
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
