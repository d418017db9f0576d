/** CRCs in WebAssembly, what joins them, and how S3 writes them. */
export { createCrc, crcStart } from "./crc.ts";
export type { Crc } from "./crc.ts";
export { CRC_MODELS, isCrcAlgorithm } from "./crc-model.ts";
export type { CrcAlgorithm, CrcModel } from "./crc-model.ts";
export { combineCrcValues, crcToBase64 } from "./crc-value.ts";
export type { PartChecksum } from "./crc-value.ts";
