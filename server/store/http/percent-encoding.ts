import { S3Error } from "../s3-error.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const MALFORMED_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/**
 * Decodes percent-escapes of `text`, whose characters are the bytes as they came over the wire (latin1).
 * A plus sign stays one.
 * @throws InvalidURI for a malformed escape, or bytes that are no UTF-8
 */
export function percentDecode(text: string): string {
  if (!needsDecoding(text)) return text;
  if (MALFORMED_ESCAPE.test(text)) throw new S3Error("InvalidURI");
  try {
    return utf8.decode(unescapeBytes(text));
  } catch (cause) {
    throw new S3Error("InvalidURI", { cause });
  }
}

/**
 * Encodes everything but unreserved characters, upper-case hex, as Signature V4 has it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** As `percentEncode`, slashes kept: a path. */
export function percentEncodePath(path: string): string {
  return path.split("/").map(percentEncode).join("/");
}

function needsDecoding(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x25 || code > 0x7f) return true;
  }
  return false;
}

function unescapeBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    let byte = text.charCodeAt(index);
    if (byte === 0x25) {
      byte = Number.parseInt(text.slice(index + 1, index + 3), 16);
      index += 2;
    }
    bytes[length] = byte;
    length += 1;
  }
  return bytes.subarray(0, length);
}
