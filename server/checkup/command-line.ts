import type { Circumstances } from "./examination.ts";
import type { Remedy } from "./finding.ts";

/** Something to copy, with what it is. */
export type Copy = NonNullable<Remedy["copy"]>[number];

/**
 * A command line of AWS's own client for this bucket, as a POSIX shell reads it.
 * @param verb such as `put-bucket-cors`
 */
export function s3api(
  { bucket, endpoint, region }: Pick<Circumstances, "bucket" | "endpoint" | "region">,
  verb: string,
  ...args: readonly string[]
): Copy {
  const where = endpoint === null ? [] : ["--endpoint-url", endpoint];
  const words = ["aws", ...where, "--region", region, "s3api", verb, "--bucket", bucket, ...args];
  return { label: "Command", text: words.map(quoted).join(" ") };
}

/** A document in JSON, to be copied. */
export function json(label: string, value: unknown): Copy {
  return { label, text: JSON.stringify(value, undefined, 2) };
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
