import type { Tags } from "../../engine.ts";
import { S3Error } from "../../s3-error.ts";
import { parseQuery } from "../query.ts";
import { child, childrenOf, malformed, parseXml, requiredText, type XmlElement } from "./parse.ts";
import { writeXml, type XmlNode } from "./write.ts";

/**
 * Decodes a tag set.
 * @throws MalformedXML; InvalidTag for a key that stands twice
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
 */
export function parseTagging(xml: string): Tags {
  const set = child(parseXml(xml, "Tagging"), "TagSet");
  if (!set) throw malformed();
  return toTags(childrenOf(set, "Tag").map(parseTag));
}

/** Decodes one `Tag` element. @throws MalformedXML */
export function parseTag(tag: XmlElement): readonly [key: string, value: string] {
  return [requiredText(tag, "Key"), requiredText(tag, "Value")];
}

/**
 * Decodes `x-amz-tagging`: tags as a query string.
 * @throws InvalidArgument where it is malformed, InvalidTag for a key that stands twice
 */
export function parseTaggingHeader(header: string): Tags {
  try {
    return toTags(parseQuery(header).pairs);
  } catch (cause) {
    if (cause instanceof S3Error && cause.code === "InvalidTag") throw cause;
    throw new S3Error("InvalidArgument", {
      message:
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      fields: { ArgumentName: "x-amz-tagging", ArgumentValue: header },
      cause,
    });
  }
}

/** Tags from pairs. @throws InvalidTag for a key that stands twice */
export function toTags(pairs: readonly (readonly [string, string])[]): Tags {
  const tags = new Map(pairs);
  if (tags.size < pairs.length) {
    throw new S3Error("InvalidTag", {
      message: "Cannot provide multiple Tags with the same key",
    });
  }
  return Object.fromEntries(tags);
}

/** Writes a tag set. */
export function writeTagging(tags: Tags): string {
  return writeXml("Tagging", [["TagSet", Object.entries(tags).map(writeTag)]]);
}

/** Writes one `Tag` element. */
export function writeTag([key, value]: readonly [string, string]): XmlNode {
  return [
    "Tag",
    [
      ["Key", key],
      ["Value", value],
    ],
  ];
}
