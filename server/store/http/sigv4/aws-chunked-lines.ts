import { S3Error } from "../../s3-error.ts";

const PIECE_HEADER = /^([0-9a-f]{1,10})(?:\s*;\s*chunk-signature=([0-9a-f]{64}))?\s*$/i;

/**
 * Decodes `<hex size>[;chunk-signature=<hex>]`.
 * @throws IncompleteBody where it is malformed, SignatureDoesNotMatch where a signature is due and missing
 */
export function parsePieceHeader(
  text: string,
  isSigned: boolean,
): { readonly sizeBytes: number; readonly signature: string } {
  const [, size, signature = ""] = PIECE_HEADER.exec(text) ?? [];
  if (size === undefined) throw new S3Error("IncompleteBody");
  if (isSigned && signature === "") throw new S3Error("SignatureDoesNotMatch");
  return { sizeBytes: Number.parseInt(size, 16), signature };
}

/**
 * Decodes `name:value` of a trailer; the name in lower case.
 * @throws MalformedTrailerError
 */
export function parseTrailerLine(text: string): readonly [name: string, value: string] {
  const colon = text.indexOf(":");
  if (colon < 1) throw new S3Error("MalformedTrailerError");
  return [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()];
}
