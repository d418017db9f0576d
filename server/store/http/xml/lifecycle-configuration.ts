/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html */
import type { LifecycleFilter, LifecycleRule } from "../../engine.ts";
import {
  child,
  childNumber,
  childrenOf,
  childText,
  malformed,
  parseXml,
  requiredText,
  type XmlElement,
} from "./parse.ts";
import { parseTag, toTags, writeTag } from "./tagging.ts";
import { writeXml, type XmlContent, type XmlNode } from "./write.ts";

const MAX_RULES = 1000;

/** Decodes a lifecycle configuration. @throws MalformedXML; InvalidTag for a tag that stands twice */
export function parseLifecycleConfiguration(xml: string): readonly LifecycleRule[] {
  const rules = childrenOf(parseXml(xml, "LifecycleConfiguration"), "Rule").map(parseRule);
  if (rules.length === 0 || rules.length > MAX_RULES) throw malformed();
  return rules;
}

/** Writes a lifecycle configuration; filters come back in the form in which they were given. */
export function writeLifecycleConfiguration(rules: readonly LifecycleRule[]): string {
  return writeXml(
    "LifecycleConfiguration",
    rules.map((rule): XmlNode => ["Rule", ruleContent(rule)]),
  );
}

const KNOWN = new Set([
  "ID",
  "Prefix",
  "Filter",
  "Status",
  "Transition",
  "Expiration",
  "NoncurrentVersionTransition",
  "NoncurrentVersionExpiration",
  "AbortIncompleteMultipartUpload",
]);

const KNOWN_CONDITIONS = new Set(["Prefix", "Tag", "ObjectSizeGreaterThan", "ObjectSizeLessThan"]);

/** What would not come back is refused, as S3's schema does. */
function refuseUnknown({ children }: XmlElement, known: ReadonlySet<string>): void {
  if (children.some(({ name }) => !known.has(name))) throw malformed();
}

function parseRule(element: XmlElement): LifecycleRule {
  refuseUnknown(element, KNOWN);
  const status = requiredText(element, "Status").trim();
  if (status !== "Enabled" && status !== "Disabled") throw malformed();
  const id = childText(element, "ID");
  return {
    ...(id ? { id } : {}),
    isEnabled: status === "Enabled",
    ...parseScope(element),
    ...parseExpiration(child(element, "Expiration")),
    ...parseAbort(child(element, "AbortIncompleteMultipartUpload")),
    ...parseNoncurrent(element),
    ...parseTransitions(element),
  };
}

function parseScope(element: XmlElement): Pick<LifecycleRule, "filter" | "hasLegacyPrefix"> {
  const filter = child(element, "Filter");
  const prefix = childText(element, "Prefix");
  if (filter && prefix !== undefined) throw malformed();
  if (filter) return { filter: parseFilter(filter) };
  if (prefix === undefined) throw malformed();
  return { filter: { prefix }, hasLegacyPrefix: true };
}

function parseFilter(filter: XmlElement): LifecycleFilter {
  const and = child(filter, "And");
  // A filter holds one condition, or one And.
  if (filter.children.length > 1) throw malformed();
  const holder = and ?? filter;
  refuseUnknown(holder, KNOWN_CONDITIONS);
  const prefix = childText(holder, "Prefix");
  const tags = childrenOf(holder, "Tag").map(parseTag);
  const sizeGreaterThanBytes = childNumber(holder, "ObjectSizeGreaterThan");
  const sizeLessThanBytes = childNumber(holder, "ObjectSizeLessThan");
  return {
    ...(prefix !== undefined && { prefix }),
    ...(tags.length > 0 && { tags: toTags(tags) }),
    ...(sizeGreaterThanBytes !== undefined && { sizeGreaterThanBytes }),
    ...(sizeLessThanBytes !== undefined && { sizeLessThanBytes }),
  };
}

function parseExpiration(element: XmlElement | undefined): Partial<LifecycleRule> {
  if (!element) return {};
  const days = childNumber(element, "Days");
  const at = parseDate(childText(element, "Date"));
  const marker = childText(element, "ExpiredObjectDeleteMarker")?.trim();
  return {
    ...(days !== undefined && { expireAfterDays: days }),
    ...(at !== undefined && { expireAt: at }),
    ...(marker !== undefined && { expiredObjectDeleteMarker: marker === "true" }),
  };
}

function parseAbort(element: XmlElement | undefined): Partial<LifecycleRule> {
  if (!element) return {};
  const days = childNumber(element, "DaysAfterInitiation");
  if (days === undefined) throw malformed();
  return { abortIncompleteAfterDays: days };
}

function parseNoncurrent(element: XmlElement): Partial<LifecycleRule> {
  const expiration = child(element, "NoncurrentVersionExpiration");
  const days = expiration && childNumber(expiration, "NoncurrentDays");
  const newer = expiration && childNumber(expiration, "NewerNoncurrentVersions");
  const transitions = childrenOf(element, "NoncurrentVersionTransition").map((transition) => {
    const days = childNumber(transition, "NoncurrentDays");
    const newer = childNumber(transition, "NewerNoncurrentVersions");
    return {
      ...(days !== undefined && { noncurrentDays: days }),
      ...(newer !== undefined && { newerNoncurrentVersions: newer }),
      storageClass: requiredText(transition, "StorageClass"),
    };
  });
  return {
    ...(days !== undefined && { noncurrentAfterDays: days }),
    ...(newer !== undefined && { newerNoncurrentVersions: newer }),
    ...(transitions.length > 0 && { noncurrentTransitions: transitions }),
  };
}

function parseTransitions(element: XmlElement): Partial<LifecycleRule> {
  const transitions = childrenOf(element, "Transition").map((transition) => {
    const days = childNumber(transition, "Days");
    const at = parseDate(childText(transition, "Date"));
    const storageClass = requiredText(transition, "StorageClass");
    return { ...(days !== undefined && { days }), ...(at !== undefined && { at }), storageClass };
  });
  return transitions.length > 0 ? { transitions } : {};
}

function parseDate(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text.trim());
  if (Number.isNaN(ms)) throw malformed();
  return ms;
}

function ruleContent(rule: LifecycleRule): readonly XmlNode[] {
  const { expireAfterDays, expireAt, expiredObjectDeleteMarker: marker } = rule;
  const noncurrent = group([
    ["NoncurrentDays", rule.noncurrentAfterDays],
    ["NewerNoncurrentVersions", rule.newerNoncurrentVersions],
  ]);
  return [
    ["ID", rule.id],
    rule.hasLegacyPrefix
      ? ["Prefix", rule.filter.prefix ?? ""]
      : ["Filter", filterContent(rule.filter)],
    ["Status", rule.isEnabled ? "Enabled" : "Disabled"],
    ...(rule.transitions ?? []).map(({ days, at, storageClass }): XmlNode => [
      "Transition",
      [
        ["Date", formatDate(at)],
        ["Days", days],
        ["StorageClass", storageClass],
      ],
    ]),
    [
      "Expiration",
      group([
        ["Date", formatDate(expireAt)],
        ["Days", expireAfterDays],
        ["ExpiredObjectDeleteMarker", marker],
      ]),
    ],
    ...(rule.noncurrentTransitions ?? []).map(
      ({ noncurrentDays, newerNoncurrentVersions, storageClass }): XmlNode => [
        "NoncurrentVersionTransition",
        [
          ["NewerNoncurrentVersions", newerNoncurrentVersions],
          ["NoncurrentDays", noncurrentDays],
          ["StorageClass", storageClass],
        ],
      ],
    ),
    ["NoncurrentVersionExpiration", noncurrent],
    [
      "AbortIncompleteMultipartUpload",
      group([["DaysAfterInitiation", rule.abortIncompleteAfterDays]]),
    ],
  ];
}

function filterContent(filter: LifecycleFilter): readonly XmlNode[] {
  const conditions: readonly XmlNode[] = [
    ["Prefix", filter.prefix],
    ...Object.entries(filter.tags ?? {}).map(writeTag),
    ["ObjectSizeGreaterThan", filter.sizeGreaterThanBytes],
    ["ObjectSizeLessThan", filter.sizeLessThanBytes],
  ];
  const given = conditions.filter(([, content]) => content !== undefined);
  return given.length > 1 ? [["And", given]] : given;
}

/** The elements that have content; none: the group is left out. */
function group(nodes: readonly XmlNode[]): XmlContent {
  const given = nodes.filter(([, content]) => content !== undefined);
  return given.length > 0 ? given : undefined;
}

function formatDate(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
