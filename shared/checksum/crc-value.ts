import { combineCrcs } from "./crc-combine.ts";
import { CRC_MODELS, type CrcAlgorithm } from "./crc-model.ts";

/** A part's checksum and size, as they enter the checksum of the whole. */
export interface PartChecksum {
  /** Base64 as S3 writes it: of the big-endian bytes. */
  readonly value: string;
  readonly sizeBytes: number;
}

/** A CRC as S3 writes it: base64 of its 4 or 8 bytes, big-endian. */
export function crcToBase64(algorithm: CrcAlgorithm, crc: bigint): string {
  const bytes = [];
  for (let shift = CRC_MODELS[algorithm].widthBits - 8; shift >= 0; shift -= 8) {
    bytes.push(Number((crc >> BigInt(shift)) & 0xffn));
  }
  return btoa(String.fromCharCode(...bytes));
}

/**
 * The CRC that S3 wrote.
 * @throws SyntaxError where it is no base64 of 4 or 8 bytes
 */
export function crcFromBase64(algorithm: CrcAlgorithm, value: string): bigint {
  const { widthBits } = CRC_MODELS[algorithm];
  const bytes = decodeBase64(value);
  if (bytes?.length !== widthBits / 8) throw new SyntaxError(`No ${algorithm}: ${value}`);
  let crc = 0n;
  for (let index = 0; index < bytes.length; index++) {
    crc = (crc << 8n) | BigInt(bytes.charCodeAt(index));
  }
  return crc;
}

/**
 * The CRC of consecutive parts joined, in base64.
 * @throws SyntaxError where a part's value is none of the algorithm
 */
export function combineCrcValues(algorithm: CrcAlgorithm, parts: readonly PartChecksum[]): string {
  const pieces = parts.map(({ value, sizeBytes }) => ({
    crc: crcFromBase64(algorithm, value),
    sizeBytes,
  }));
  return crcToBase64(algorithm, combineCrcs(CRC_MODELS[algorithm], pieces));
}

function decodeBase64(value: string): string | undefined {
  try {
    return atob(value);
  } catch {
    return undefined;
  }
}
