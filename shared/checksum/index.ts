/** CRCs in WebAssembly, what joins them, and how S3 writes them. */
export { createCrc } from "./crc.ts";
export { CRC_MODELS, crcStart, isCrcAlgorithm } from "./crc-model.ts";
export type { Crc, CrcAlgorithm } from "./crc-model.ts";
export { combineCrcValues, crcToBase64 } from "./crc-value.ts";
export type { PartChecksum } from "./crc-value.ts";
