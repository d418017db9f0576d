/**
 * Lifecycle rules for a person to read.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
import type { LifecycleRule } from "../../../shared/admin-api.ts";
import { RULE_ID } from "./rule-document.ts";
import { child, childNumber, childText, type XmlElement } from "./xml-elements.ts";

/** Whether a rule is the one that this server sets. */
export function isOurRule(rule: XmlElement): boolean {
  return childText(rule, "ID") === RULE_ID;
}

/** Reads one rule; what it does that nobody here knows is said as such. */
export function readRule(rule: XmlElement): LifecycleRule {
  const days = childNumber(child(rule, "AbortIncompleteMultipartUpload"), "DaysAfterInitiation");
  return {
    id: childText(rule, "ID") ?? "",
    enabled: isEnabled(rule),
    prefix: prefixOf(rule),
    does: [...rule.children.flatMap(describeAction), ...conditionsOf(rule).map(describeCondition)],
    ...(days === undefined ? {} : { abortIncompleteAfterDays: days }),
    ours: isOurRule(rule),
  };
}

/** After how many days a rule ends incomplete uploads everywhere in the bucket; `null`: it does not. */
export function abortsEverywhereAfter(rule: XmlElement): number | null {
  const isEverywhere = prefixOf(rule) === "" && conditionsOf(rule).length === 0;
  if (!isEnabled(rule) || !isEverywhere) return null;
  const action = child(rule, "AbortIncompleteMultipartUpload");
  return childNumber(action, "DaysAfterInitiation") ?? null;
}

/** The content of our rule, in the form that the others have: S3 refuses documents that mix the two. */
export function ourRule(days: number, others: readonly XmlElement[]): string {
  const isOld = !others.some((rule) => child(rule, "Filter")) && others.some(hasOldPrefix);
  const scope = isOld ? "<Prefix></Prefix>" : "<Filter><Prefix></Prefix></Filter>";
  const action = `<DaysAfterInitiation>${days}</DaysAfterInitiation>`;
  return (
    `<ID>${RULE_ID}</ID>${scope}<Status>Enabled</Status>` +
    `<AbortIncompleteMultipartUpload>${action}</AbortIncompleteMultipartUpload>`
  );
}

function hasOldPrefix(rule: XmlElement): boolean {
  return child(rule, "Prefix") !== undefined;
}

function isEnabled(rule: XmlElement): boolean {
  return childText(rule, "Status") === "Enabled";
}

/** As it stands there: space counts in a key. */
function prefixOf(rule: XmlElement): string {
  const filter = child(rule, "Filter");
  const holder = child(filter, "And") ?? filter ?? rule;
  return child(holder, "Prefix")?.text ?? "";
}

/** All conditions but the prefix. */
function conditionsOf(rule: XmlElement): readonly XmlElement[] {
  const conditions = child(rule, "Filter")?.children ?? [];
  return conditions
    .flatMap((condition) => (condition.name === "And" ? condition.children : [condition]))
    .filter(({ name }) => name !== "Prefix");
}

function describeCondition(condition: XmlElement): string {
  const { name, text } = condition;
  if (name === "Tag") {
    return `only objects with the tag ${short(childText(condition, "Key"))}=${short(childText(condition, "Value"))}`;
  }
  if (name === "ObjectSizeGreaterThan") return `only objects of more than ${short(text)} bytes`;
  if (name === "ObjectSizeLessThan") return `only objects of less than ${short(text)} bytes`;
  return `only under a condition that this page does not know (${short(name)})`;
}

type Describe = (action: XmlElement) => string | readonly string[];

const ACTIONS: ReadonlyMap<string, Describe> = new Map<string, Describe>([
  ["Expiration", describeExpiration],
  ["Transition", (action) => `moves objects to ${classOf(action)}${when(action, "Days")}`],
  [
    "NoncurrentVersionExpiration",
    (action) => `deletes older versions${when(action, "NoncurrentDays")}${keeping(action)}`,
  ],
  [
    "NoncurrentVersionTransition",
    (action) =>
      `moves older versions to ${classOf(action)}${when(action, "NoncurrentDays")}${keeping(action)}`,
  ],
  [
    "AbortIncompleteMultipartUpload",
    (action) => `ends incomplete uploads${when(action, "DaysAfterInitiation")}`,
  ],
]);

const NO_ACTIONS: ReadonlySet<string> = new Set(["ID", "Status", "Prefix", "Filter"]);

function describeAction(element: XmlElement): readonly string[] {
  if (NO_ACTIONS.has(element.name)) return [];
  const describe = ACTIONS.get(element.name);
  const said = describe?.(element);
  if (said === undefined)
    return [`does something that this page does not know (${short(element.name)})`];
  return typeof said === "string" ? [said] : said;
}

function describeExpiration(action: XmlElement): readonly string[] {
  const expires = child(action, "Days") ?? child(action, "Date");
  return [
    ...(expires ? [`expires objects${when(action, "Days")}`] : []),
    ...(childText(action, "ExpiredObjectDeleteMarker") === "true"
      ? ["removes delete markers that have no older version left"]
      : []),
  ];
}

function when(action: XmlElement, daysName: string): string {
  const days = childText(action, daysName);
  if (days !== undefined) return ` after ${short(days)} ${days === "1" ? "day" : "days"}`;
  const date = childText(action, "Date");
  return date === undefined ? "" : ` on ${short(date.slice(0, 10))}`;
}

function keeping(action: XmlElement): string {
  const count = childText(action, "NewerNoncurrentVersions");
  if (count === undefined) return "";
  return `, but keeps the ${count === "1" ? "newest" : `newest ${short(count)}`} of them`;
}

function classOf(action: XmlElement): string {
  return short(childText(action, "StorageClass"));
}

/** The storage wrote it: it may be as long as a document. */
function short(text = ""): string {
  return text.length > 256 ? `${text.slice(0, 256)}…` : text;
}
