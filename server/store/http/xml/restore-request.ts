import type { RestoreOptions } from "../../engine.ts";
import { S3Error } from "../../s3-error.ts";
import { child, childNumber, childText, malformed, parseXml } from "./parse.ts";

const TIERS = ["Expedited", "Standard", "Bulk"] as const;

/** Longer than anybody lives, so that dates stay dates. */
const MAX_DAYS = 36_500;

/**
 * Decodes a restore request; its tier is Standard where none is named.
 * @throws MalformedXML, InvalidArgument for a number of days below 1, NotImplemented for a restore that selects
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
 */
export function parseRestoreRequest(xml: string): RestoreOptions {
  const root = parseXml(xml, "RestoreRequest");
  if (child(root, "SelectParameters") || child(root, "OutputLocation")) {
    throw new S3Error("NotImplemented", { message: "Restore first, then select." });
  }
  const days = childNumber(root, "Days");
  if (days === undefined) throw malformed();
  if (days < 1 || days > MAX_DAYS) {
    throw new S3Error("InvalidArgument", { message: `Days is a number from 1 to ${MAX_DAYS}` });
  }
  const parameters = child(root, "GlacierJobParameters");
  const named = (parameters && childText(parameters, "Tier")) ?? childText(root, "Tier");
  const tier = TIERS.find((each) => each === (named?.trim() ?? "Standard"));
  if (tier === undefined) throw malformed();
  return { days, tier };
}
