/**
 * The CRC of two pieces joined, from the CRCs of the pieces: in the field of polynomials over GF(2),
 * crc(A ‖ B) = crc(A) · x^(8·|B|) + crc(B) mod P. Reflected CRCs (all of S3's) hold x^0 in the top bit.
 * @see https://github.com/madler/zlib/blob/master/crc32.c (crc32_combine, the same law for 32 bits)
 */

/** A reflected CRC with equal initial and final inversion. */
export interface CrcModel {
  readonly widthBits: number;
  /** The polynomial, reflected, without its leading term. */
  readonly polynomial: bigint;
}

/** A piece: its CRC and its length in bytes. */
export interface CrcPiece {
  readonly crc: bigint;
  readonly sizeBytes: number;
}

/** The CRCs that S3 knows. */
export const CRC_MODELS = {
  CRC32: { widthBits: 32, polynomial: 0xedb88320n },
  CRC32C: { widthBits: 32, polynomial: 0x82f63b78n },
  CRC64NVME: { widthBits: 64, polynomial: 0x9a6c9329ac4bc9b5n },
} as const satisfies Record<string, CrcModel>;

/** The CRC of all pieces in order; 0 for none. Equal lengths cost one multiplication each. */
export function combineCrcs(model: CrcModel, pieces: Iterable<CrcPiece>): bigint {
  const shiftBySize = new Map<number, bigint>();
  let combined = 0n;
  for (const { crc, sizeBytes } of pieces) {
    let shift = shiftBySize.get(sizeBytes);
    if (shift === undefined) {
      shift = powerOfX(model, 8n * BigInt(sizeBytes));
      shiftBySize.set(sizeBytes, shift);
    }
    combined = multiply(model, combined, shift) ^ crc;
  }
  return combined;
}

/** What `sizeBytes` zero bytes make of a CRC, or of the register of one under way. */
export function zerosAfter(model: CrcModel, sizeBytes: number): (crc: bigint) => bigint {
  const shift = powerOfX(model, 8n * BigInt(sizeBytes));
  return (crc) => multiply(model, crc, shift);
}

/** x^exponent mod P, by squaring. */
function powerOfX(model: CrcModel, exponent: bigint): bigint {
  const one = 1n << BigInt(model.widthBits - 1);
  let result = one;
  let base = one >> 1n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(model, result, base);
    base = multiply(model, base, base);
  }
  return result;
}

function multiply(model: CrcModel, left: bigint, right: bigint): bigint {
  let product = 0n;
  let shifted = right;
  for (let bit = 1n << BigInt(model.widthBits - 1); bit > 0n; bit >>= 1n) {
    if (left & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ model.polynomial : shifted >> 1n;
  }
  return product;
}
