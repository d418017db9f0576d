/**
 * Policies of browser-based uploads.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
import * as z from "zod/mini";
import { S3Error } from "../s3-error.ts";

/** Bounds of the file in bytes, both inclusive. */
export interface LengthRange {
  readonly min: number;
  readonly max: number;
}

const Condition = z.union([
  z.record(z.string(), z.string()),
  z.tuple([z.string(), z.string(), z.string()]),
  z.tuple([z.string(), z.number(), z.number()]),
  z.tuple([z.string(), z.string(), z.string(), z.string()]),
]);
const Policy = z.object({ expiration: z.string(), conditions: z.array(Condition) });

type Match = "eq" | "starts-with";

/** What the policy says about one field. */
interface FieldCondition {
  readonly match: Match;
  /** Lower case. */
  readonly field: string;
  readonly value: string;
}

/** A decoded policy. */
export interface PostPolicy {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly conditions: readonly FieldCondition[];
  readonly lengthRanges: readonly LengthRange[];
}

/** Fields that a policy need not name. */
const EXEMPT = new Set(["policy", "x-amz-signature", "file", "awsaccesskeyid", "signature"]);

/** Decodes the base64 document of the form. @throws InvalidPolicyDocument */
export function parsePostPolicy(base64: string): PostPolicy {
  const policy = Policy.safeParse(parseJson(base64));
  if (!policy.success) throw invalidDocument("Invalid Policy: Invalid JSON.");
  const expiresAt = Date.parse(policy.data.expiration);
  if (Number.isNaN(expiresAt)) throw invalidDocument("Invalid Policy: Invalid 'expiration' value.");
  const lengthRanges: LengthRange[] = [];
  const conditions: FieldCondition[] = [];
  for (const condition of policy.data.conditions) {
    if (!Array.isArray(condition)) conditions.push(...exactConditions(condition));
    else if (typeof condition[1] === "number") lengthRanges.push(lengthRange(condition));
    else conditions.push(fieldCondition(condition));
  }
  return { expiresAt, conditions, lengthRanges };
}

/**
 * Holds a form against its policy; `fields` by lower-case name, the bucket among them.
 * @returns the bounds of the file
 * @throws AccessDenied where the policy has expired, a condition fails or a field is not named
 */
export function applyPostPolicy(
  policy: PostPolicy,
  fields: ReadonlyMap<string, string>,
  now: number,
): LengthRange {
  if (policy.expiresAt <= now) throw denied("Policy expired.");
  for (const condition of policy.conditions) {
    if (!holds(condition, fields.get(condition.field) ?? "")) {
      const text = JSON.stringify([condition.match, `$${condition.field}`, condition.value]);
      throw denied(`Policy Condition failed: ${text}`);
    }
  }
  const named = new Set(policy.conditions.map(({ field }) => field));
  const extra = [...fields.keys()].filter(
    (name) =>
      name !== "bucket" && !EXEMPT.has(name) && !name.startsWith("x-ignore-") && !named.has(name),
  );
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(", ")}`);
  return {
    min: Math.max(0, ...policy.lengthRanges.map(({ min }) => min)),
    max: Math.min(Number.MAX_SAFE_INTEGER, ...policy.lengthRanges.map(({ max }) => max)),
  };
}

function parseJson(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, "base64").toString());
  } catch {
    return undefined;
  }
}

function exactConditions(condition: Readonly<Record<string, string>>): readonly FieldCondition[] {
  return Object.entries(condition).map(([field, value]) => ({
    match: "eq",
    field: field.toLowerCase(),
    value,
  }));
}

function fieldCondition(condition: readonly (string | number)[]): FieldCondition {
  const [match, field, value] = condition;
  const isKnown = match === "eq" || match === "starts-with";
  if (!isKnown || condition.length !== 3 || typeof field !== "string" || !field.startsWith("$")) {
    throw invalidDocument("Invalid Policy: Invalid Simple-Condition.");
  }
  return { match, field: field.slice(1).toLowerCase(), value: String(value) };
}

function lengthRange([name, min, max]: readonly (string | number)[]): LengthRange {
  const isWhole = Number.isSafeInteger(min) && Number.isSafeInteger(max);
  if (name !== "content-length-range" || !isWhole || Number(min) < 0) {
    throw invalidDocument("Invalid Policy: Invalid content-length-range.");
  }
  return { min: Number(min), max: Number(max) };
}

function holds({ match, field, value }: FieldCondition, given: string): boolean {
  if (match === "eq") return given === value;
  // A list of types holds where each of them does.
  const values = field === "content-type" ? given.split(",").map((type) => type.trim()) : [given];
  return values.every((each) => each.startsWith(value));
}

function denied(reason: string): S3Error {
  return new S3Error("AccessDenied", { message: `Invalid according to Policy: ${reason}` });
}

function invalidDocument(message: string): S3Error {
  return new S3Error("InvalidPolicyDocument", { message });
}
