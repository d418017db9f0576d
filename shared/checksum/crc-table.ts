import type { Crc, CrcModel } from "./crc-model.ts";

const TABLE_LENGTH = 256;

/** Entry b: what byte b makes of an empty register. */
export function byteTable({ polynomial }: CrcModel): BigUint64Array {
  const table = new BigUint64Array(TABLE_LENGTH);
  for (let byte = 0; byte < TABLE_LENGTH; byte++) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
    table[byte] = crc;
  }
  return table;
}

/**
 * A CRC byte by byte, for where WebAssembly is forbidden. Registers are split into halves, since arithmetic on bigints would be ten times slower still.
 */
export function createTableCrc(model: CrcModel): Crc {
  const table = byteTable(model);
  const upper = Int32Array.from(table, (crc) => Number(crc >> 32n) | 0);
  const lower = Int32Array.from(table, (crc) => Number(crc & 0xffffffffn) | 0);
  return (register, bytes) => {
    let hi = Number(register >> 32n) | 0;
    let lo = Number(register & 0xffffffffn) | 0;
    for (let at = 0; at < bytes.length; at++) {
      const index = (lo ^ (bytes[at] ?? 0)) & 0xff;
      lo = ((lo >>> 8) | (hi << 24)) ^ (lower[index] ?? 0);
      hi = (hi >>> 8) ^ (upper[index] ?? 0);
    }
    return (BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0);
  };
}
