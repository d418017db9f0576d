import type { ChecksumAlgorithm, CompletedPart } from "../../engine.ts";
import { CHECKSUM_ALGORITHMS, checksumElement } from "../checksum-headers.ts";
import { unquoteEtag } from "../conditional.ts";
import {
  childrenOf,
  childText,
  malformed,
  parseXml,
  requiredText,
  type XmlElement,
} from "./parse.ts";

/**
 * Decodes the part list of CompleteMultipartUpload.
 * @throws MalformedXML; an empty list too
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export function parseCompleteMultipartUpload(xml: string): readonly CompletedPart[] {
  const root = parseXml(xml, "CompleteMultipartUpload");
  const parts = childrenOf(root, "Part").map(parsePart);
  if (parts.length === 0) throw malformed();
  return parts;
}

function parsePart(part: XmlElement): CompletedPart {
  const partNumber = Number(requiredText(part, "PartNumber").trim());
  if (!Number.isInteger(partNumber)) throw malformed();
  const checksum = parseChecksum(part);
  return {
    partNumber,
    etag: unquoteEtag(requiredText(part, "ETag")),
    ...(checksum && { checksum }),
  };
}

function parseChecksum(
  part: XmlElement,
): { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined {
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = childText(part, checksumElement(algorithm));
    if (value !== undefined) return { algorithm, value };
  }
  return undefined;
}
