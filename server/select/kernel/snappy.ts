import { SNAPPY_BASE64 } from "./snappy.wasm.ts";
import { compileModule, instantiate, type KernelModule, type OwnMemory } from "./web-assembly.ts";

/** Unpacks a block of Snappy that lies at a place in memory; answers whether it fills the output exactly. */
export type UnpackSnappy = (
  packed: number,
  packedEnd: number,
  output: number,
  outputEnd: number,
) => boolean;

let compiled: KernelModule | undefined;

/** What unpacks Snappy in some memory; see `assembly/snappy.ts`. */
export function openSnappy(memory: OwnMemory): UnpackSnappy {
  compiled ??= compileModule(Buffer.from(SNAPPY_BASE64, "base64"));
  const { unpackSnappy } = instantiate(compiled, memory);
  if (typeof unpackSnappy !== "function") throw new Error("The kernel is not what it should be");
  return (...places) => unpackSnappy(...places) === 1;
}
