import type { Circumstances } from "./examination.ts";
import { json, type Copy } from "./command-line.ts";

/**
 * The IAM policy that allows these actions on the bucket and its objects, in one statement.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function policyFor(
  { bucket, region }: Pick<Circumstances, "bucket" | "region">,
  actions: Iterable<string>,
): Copy {
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  const Statement = [
    { Effect: "Allow", Action: [...new Set(actions)].toSorted(), Resource: [arn, `${arn}/*`] },
  ];
  return json("Policy for the server's credentials", { Version: "2012-10-17", Statement });
}

function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
