import { isUtf8 } from "node:buffer";
import { SelectError } from "../../../shared/select/select-error.ts";
import { Decimal, type Value } from "../values/value.ts";
import { damaged } from "./fault.ts";
import type { Meaning } from "./leaf.ts";
import { intervalText } from "./time-text.ts";
import type { ByteVector } from "./vector.ts";

/** Most bytes of a decimal: 77 digits. Turning more into digits would take quadratic time. */
const MAX_DECIMAL_BYTES = 32;

/** What stands in a text in the place of bytes that are no UTF-8. */
const REPLACEMENT = "\ufffd";

/**
 * Makes runs of bytes the values of the dialect; what has no form there is Base64.
 * @throws SelectError `InvalidTextEncoding`, as what it gives does
 */
export function bytesReader(meaning: Meaning, vector: ByteVector): (index: number) => Value {
  const { bytes, runs } = vector;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = (index: number): Buffer => buffer.subarray(runs.start(index), runs.end(index));
  switch (meaning.kind) {
    case "decimal":
      return (index) => decimalOf(at(index), meaning.scale);
    case "half":
      return (index) => halfFloat(at(index).readUInt16LE());
    case "uuid":
      return (index) => uuidText(at(index).toString("hex"));
    case "interval":
      return (index) => intervalText(at(index));
    case "base64":
      return (index) => at(index).toString("base64");
    case "binary":
      return (index) => at(index).toString(isUtf8(at(index)) ? "utf8" : "base64");
    default:
      return (index) => {
        const text = buffer.toString("utf8", runs.start(index), runs.end(index));
        return text.includes(REPLACEMENT) ? requireUtf8(text, at(index)) : text;
      };
  }
}

function requireUtf8(text: string, bytes: Buffer): string {
  if (isUtf8(bytes)) return text;
  const detail = "A value of a column of text is no UTF-8; ask for other columns.";
  throw new SelectError("InvalidTextEncoding", detail);
}

function decimalOf(bytes: Buffer, scale: number): Decimal {
  if (bytes.length === 0 || bytes.length > MAX_DECIMAL_BYTES) {
    throw damaged(`a decimal has ${bytes.length} bytes`);
  }
  const unscaled = BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString("hex")}`));
  return new Decimal(`${unscaled}e-${scale}`);
}

/** @see https://en.wikipedia.org/wiki/Half-precision_floating-point_format */
function halfFloat(bits: number): number {
  const sign = bits >> 15 === 1 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * 2 ** -14 * fraction : sign * 2 ** (exponent - 15) * (1 + fraction);
}

function uuidText(hex: string): string {
  return [0, 8, 12, 16, 20]
    .map((start, index, starts) => hex.slice(start, starts[index + 1]))
    .join("-");
}
