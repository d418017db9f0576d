/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html */
import type { CorsRule } from "../../engine.ts";
import { S3Error } from "../../s3-error.ts";
import {
  childNumber,
  childrenOf,
  childText,
  malformed,
  parseXml,
  type XmlElement,
} from "./parse.ts";
import { writeXml, type XmlNode } from "./write.ts";

const METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD"];
const MAX_RULES = 100;

/**
 * Decodes a CORS configuration.
 * @throws MalformedXML; InvalidRequest for another method or more than one wildcard
 */
export function parseCorsConfiguration(xml: string): readonly CorsRule[] {
  const rules = childrenOf(parseXml(xml, "CORSConfiguration"), "CORSRule").map(parseRule);
  if (rules.length === 0 || rules.length > MAX_RULES) throw malformed();
  return rules;
}

/** Writes a CORS configuration. */
export function writeCorsConfiguration(rules: readonly CorsRule[]): string {
  return writeXml(
    "CORSConfiguration",
    rules.map((rule): XmlNode => ["CORSRule", ruleContent(rule)]),
  );
}

function ruleContent(rule: CorsRule): readonly XmlNode[] {
  const each = (name: string, values: readonly string[]): readonly XmlNode[] =>
    values.map((value): XmlNode => [name, value]);
  return [
    ["ID", rule.id],
    ...each("AllowedOrigin", rule.allowedOrigins),
    ...each("AllowedMethod", rule.allowedMethods),
    ...each("AllowedHeader", rule.allowedHeaders),
    ...each("ExposeHeader", rule.exposeHeaders),
    ["MaxAgeSeconds", rule.maxAgeSeconds],
  ];
}

function parseRule(element: XmlElement): CorsRule {
  const texts = (name: string): readonly string[] =>
    childrenOf(element, name).map(({ text }) => text.trim());
  const id = childText(element, "ID");
  const maxAgeSeconds = childNumber(element, "MaxAgeSeconds");
  const rule = {
    ...(id !== undefined && { id }),
    allowedOrigins: texts("AllowedOrigin"),
    allowedMethods: texts("AllowedMethod"),
    allowedHeaders: texts("AllowedHeader"),
    exposeHeaders: texts("ExposeHeader"),
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
  };
  validate(rule);
  return rule;
}

function validate(rule: CorsRule): void {
  if (rule.allowedOrigins.length === 0 || rule.allowedMethods.length === 0) throw malformed();
  const unknown = rule.allowedMethods.find((method) => !METHODS.includes(method));
  if (unknown !== undefined) {
    throw invalid(`Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`);
  }
  refuseWildcards("AllowedOrigin", rule.allowedOrigins, 1);
  refuseWildcards("AllowedHeader", rule.allowedHeaders, 1);
  refuseWildcards("ExposeHeader", rule.exposeHeaders, 0);
}

function refuseWildcards(name: string, values: readonly string[], allowedCount: number): void {
  const bad = values.find((value) => value.split("*").length - 1 > allowedCount);
  if (bad === undefined) return;
  const limit = allowedCount === 0 ? "a wildcard" : "more than one wildcard";
  throw invalid(`${name} "${bad}" can not have ${limit}.`);
}

function invalid(message: string): S3Error {
  return new S3Error("InvalidRequest", { message });
}
