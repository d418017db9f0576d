/**
 * The one conformance suite of S3 operations: against the server named by `S3_ENDPOINT` where it is set
 * (see target.ts), otherwise against an embedded store. Themes are in suite/, what a server that is not
 * ours does otherwise stands in deviations.ts.
 */
import { afterAll, describe, expect, it } from "vitest";
import { staleDeviations } from "./deviations.ts";
import { bucketRules } from "./suite/buckets.ts";
import { checksumRules } from "./suite/checksums.ts";
import { connectionRules } from "./suite/connections.ts";
import { corsRules } from "./suite/cors.ts";
import { featureRules } from "./suite/features.ts";
import { keyRules } from "./suite/keys.ts";
import { lifecycleRules } from "./suite/lifecycle.ts";
import { listingRules } from "./suite/listing.ts";
import { multipartChecksumRules } from "./suite/multipart-checksums.ts";
import { multipartRules } from "./suite/multipart.ts";
import { objectRules } from "./suite/objects.ts";
import { postPolicyRules } from "./suite/post-policy.ts";
import { readingRules } from "./suite/reading.ts";
import { sequenceRules } from "./suite/sequences.ts";
import { signatureRules } from "./suite/signatures.ts";
import { uploadListingRules } from "./suite/upload-listing.ts";
import { openTarget } from "./target.ts";

const target = await openTarget();
afterAll(() => target.close());

describe("buckets", () => bucketRules(target));
describe("objects", () => objectRules(target));
describe("checksums", () => checksumRules(target));
describe("keys", () => keyRules(target));
describe("listing", () => listingRules(target));
describe("multipart", () => multipartRules(target));
describe("multipart checksums", () => multipartChecksumRules(target));
describe("upload listing", () => uploadListingRules(target));
describe("reading", () => readingRules(target));
describe("signatures", () => signatureRules(target));
describe("post-policy", () => postPolicyRules(target));
describe("cors", () => corsRules(target));
describe("lifecycle", () => lifecycleRules(target));
describe("connections", () => connectionRules(target));
describe("features", () => featureRules(target));
describe("sequences", () => sequenceRules(target));

it("every deviation in the table names a rule of the suite", () => {
  expect(staleDeviations(target.server, target.titles)).toEqual([]);
});
