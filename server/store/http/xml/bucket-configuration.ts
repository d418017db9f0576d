import type { BucketDocuments } from "../../engine.ts";
import { child, childText, malformed, parseXml } from "./parse.ts";
import { writeXml } from "./write.ts";

/**
 * Decodes CreateBucket; `undefined` where no location is asked for.
 * @throws MalformedXML
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
export function parseCreateBucket(xml: string): string | undefined {
  if (xml.trim() === "") return undefined;
  const root = parseXml(xml, "CreateBucketConfiguration", "CreateBucketRequest");
  if (child(root, "Location") || child(root, "Bucket")) throw malformed();
  return childText(root, "LocationConstraint")?.trim() || undefined;
}

/**
 * Decodes an acceleration configuration.
 * @throws MalformedXML
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAccelerateConfiguration.html
 */
export function parseAccelerate(xml: string): BucketDocuments["accelerate"] {
  const status = childText(parseXml(xml, "AccelerateConfiguration"), "Status")?.trim();
  if (status !== "Enabled" && status !== "Suspended") throw malformed();
  return { status };
}

/** Writes an acceleration configuration; empty where there never was one. */
export function writeAccelerate(configuration: BucketDocuments["accelerate"] | undefined): string {
  return writeXml("AccelerateConfiguration", configuration && [["Status", configuration.status]]);
}
