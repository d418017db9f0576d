/**
 * S3's lifecycle rules: which apply, and when they act.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
import type { LifecycleFilter, LifecycleRule, Tags } from "../engine.ts";
import { S3Error } from "../s3-error.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_RULES = 1000;
const MAX_ID_LENGTH = 255;

/** When a rule acts, and which. */
export interface DueDate {
  readonly at: number;
  readonly ruleId: string;
}

/** What rules look at in an object. */
export interface Expirable {
  readonly key: string;
  readonly sizeBytes: number;
  readonly lastModified: number;
  readonly tags: Tags;
}

/** The earliest expiry of an object under the enabled rules. */
export function expirationOf(
  rules: readonly LifecycleRule[],
  object: Expirable,
): DueDate | undefined {
  const due = rules
    .filter((rule) => rule.isEnabled && matches(rule.filter, object))
    .flatMap((rule) => expiryDates(rule, object.lastModified));
  return earliest(due);
}

/** The earliest abort of an upload under the enabled rules. Filters by size or tag never hold for uploads. */
export function abortOf(
  rules: readonly LifecycleRule[],
  upload: { readonly key: string; readonly initiatedAt: number },
): DueDate | undefined {
  const due = rules.flatMap((rule) => {
    const days = rule.abortIncompleteAfterDays;
    if (days === undefined || !rule.isEnabled || !matchesUpload(rule.filter, upload.key)) return [];
    return [{ at: dueAfterDays(upload.initiatedAt, days), ruleId: rule.id ?? "" }];
  });
  return earliest(due);
}

/** Midnight UTC after `days` full days, as S3 counts. */
export function dueAfterDays(from: number, days: number): number {
  return Math.ceil((from + days * DAY_MS) / DAY_MS) * DAY_MS;
}

/** Checks rules as S3 does and gives an ID to those without. @throws InvalidArgument, InvalidRequest, MalformedXML */
export function checkedLifecycle(rules: readonly LifecycleRule[]): LifecycleRule[] {
  if (rules.length === 0 || rules.length > MAX_RULES) throw new S3Error("MalformedXML");
  const taken = new Set(rules.flatMap(({ id }) => (id === undefined ? [] : [id])));
  const named = rules.filter(({ id }) => id !== undefined);
  if (taken.size < named.length) {
    throw invalid("Rule ID must be unique. Found same ID for more than one rule");
  }
  rules.forEach(checkRule);
  return rules.map((rule, index) =>
    rule.id === undefined ? { ...rule, id: freeId(taken, index) } : rule,
  );
}

function freeId(taken: Set<string>, index: number): string {
  let number = index + 1;
  while (taken.has(`rule-${number}`)) number++;
  taken.add(`rule-${number}`);
  return `rule-${number}`;
}

function checkRule(rule: LifecycleRule): void {
  if ((rule.id?.length ?? 0) > MAX_ID_LENGTH) throw invalid("ID length should not exceed 255");
  if (!hasAction(rule)) throw invalid("At least one action needs to be specified in a rule.");
  if (rule.expireAfterDays !== undefined && rule.expireAt !== undefined) {
    throw new S3Error("MalformedXML");
  }
  const { expireAfterDays, abortIncompleteAfterDays, expireAt, filter } = rule;
  for (const days of [expireAfterDays, abortIncompleteAfterDays]) {
    if (days !== undefined && (!Number.isSafeInteger(days) || days < 1)) {
      throw invalid("'Days' must be a positive integer");
    }
  }
  if (expireAt !== undefined && expireAt % DAY_MS !== 0)
    throw invalid("'Date' must be at midnight GMT");
  if (abortIncompleteAfterDays !== undefined && !matchesUpload(filter, filter.prefix ?? "")) {
    throw new S3Error("InvalidRequest", {
      message: "AbortIncompleteMultipartUpload cannot be specified with Tags or sizes.",
    });
  }
}

function hasAction(rule: LifecycleRule): boolean {
  return [
    rule.abortIncompleteAfterDays,
    rule.expireAfterDays,
    rule.expireAt,
    rule.expiredObjectDeleteMarker,
    rule.noncurrentAfterDays,
    rule.newerNoncurrentVersions,
    rule.transitions,
    rule.noncurrentTransitions,
  ].some((action) => action !== undefined);
}

function expiryDates(rule: LifecycleRule, lastModified: number): DueDate[] {
  const ruleId = rule.id ?? "";
  const due: DueDate[] = [];
  if (rule.expireAfterDays !== undefined) {
    due.push({ at: dueAfterDays(lastModified, rule.expireAfterDays), ruleId });
  }
  if (rule.expireAt !== undefined) due.push({ at: rule.expireAt, ruleId });
  return due;
}

function matches(filter: LifecycleFilter, { key, sizeBytes, tags }: Expirable): boolean {
  const { prefix = "", sizeGreaterThanBytes = -1, sizeLessThanBytes = Infinity } = filter;
  return (
    key.startsWith(prefix) &&
    sizeBytes > sizeGreaterThanBytes &&
    sizeBytes < sizeLessThanBytes &&
    Object.entries(filter.tags ?? {}).every(([name, value]) => tags[name] === value)
  );
}

function matchesUpload(filter: LifecycleFilter, key: string): boolean {
  const { prefix = "", tags = {}, sizeGreaterThanBytes, sizeLessThanBytes } = filter;
  const isByPrefixAlone =
    Object.keys(tags).length === 0 &&
    sizeGreaterThanBytes === undefined &&
    sizeLessThanBytes === undefined;
  return isByPrefixAlone && key.startsWith(prefix);
}

function earliest(due: readonly DueDate[]): DueDate | undefined {
  return due.reduce<DueDate | undefined>(
    (first, next) => (first && first.at <= next.at ? first : next),
    undefined,
  );
}

function invalid(message: string): S3Error {
  return new S3Error("InvalidArgument", { message });
}
