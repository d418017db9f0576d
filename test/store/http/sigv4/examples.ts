/**
 * Key pair and moment of the examples that AWS publishes.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
import { createSigningKeys } from "../../../../server/store/http/sigv4/signature.ts";
import type { Verifier } from "../../../../server/store/http/sigv4/verify.ts";

export const EXAMPLE_KEY_ID = "AKIAIOSFODNN7EXAMPLE";
export const EXAMPLE_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const EXAMPLE_NOW = Date.parse("2013-05-24T00:00:00Z");

/** A verifier of the example's keys whose clock stands `offsetMs` after the example's moment. */
export function exampleVerifier(offsetMs = 0): Verifier {
  return {
    accessKeyId: EXAMPLE_KEY_ID,
    signingKeys: createSigningKeys(EXAMPLE_SECRET),
    region: "us-east-1",
    now: () => EXAMPLE_NOW + offsetMs,
  };
}
