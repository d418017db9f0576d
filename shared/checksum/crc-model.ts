/** A reflected CRC with equal initial and final inversion. */
export interface CrcModel {
  readonly widthBits: 32 | 64;
  /** The polynomial, reflected, without its leading term. */
  readonly polynomial: bigint;
}

/**
 * The CRCs that S3 knows.
 * @see https://reveng.sourceforge.io/crc-catalogue/all.htm (CRC-32/ISO-HDLC, CRC-32/ISCSI, CRC-64/NVME)
 */
export const CRC_MODELS = {
  CRC32: { widthBits: 32, polynomial: 0xedb88320n },
  CRC32C: { widthBits: 32, polynomial: 0x82f63b78n },
  CRC64NVME: { widthBits: 64, polynomial: 0x9a6c9329ac4bc9b5n },
} as const satisfies Record<string, CrcModel>;

/** S3's names of its CRCs. */
export type CrcAlgorithm = keyof typeof CRC_MODELS;

/** Whether a checksum algorithm is a CRC, and can be combined therefore. */
export function isCrcAlgorithm(algorithm: string): algorithm is CrcAlgorithm {
  return Object.hasOwn(CRC_MODELS, algorithm);
}

/** Takes bytes into a register and gives the register back; it starts with `crcStart`. */
export type Crc = (register: bigint, bytes: Uint8Array) => bigint;

/** The register before the first byte; the CRC is the last register, inverted by this again. */
export function crcStart({ widthBits }: CrcModel): bigint {
  return (1n << BigInt(widthBits)) - 1n;
}
