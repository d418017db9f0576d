import type { S3Client } from "@aws-sdk/client-s3";
import type {
  AccelerationRequest,
  AccelerationResponse,
  CorsRule,
  LifecycleResponse,
} from "../../../shared/admin-api.ts";
import { isAwsEndpoint } from "../../../shared/aws-endpoint.ts";
import type { S3Endpoint } from "../client.ts";
import { getAcceleration, setAcceleration } from "./acceleration.ts";
import { proposeRule } from "./cors-rule.ts";
import { getCors, setCorsRule, type CorsRules } from "./cors.ts";
import { getLifecycle, removeAbortRule, setAbortRule } from "./lifecycle.ts";

/** What is configured on the bucket itself. All throw ProblemError; changes made here wait for each other. */
export interface BucketConfiguration {
  readonly lifecycle: {
    get(): Promise<LifecycleResponse>;
    /** Sets our rule and touches no other; 1 day or more. */
    setAbortRule(days: number): Promise<LifecycleResponse>;
    removeAbortRule(): Promise<LifecycleResponse>;
  };
  readonly cors: {
    get(): Promise<CorsRules>;
    /** The smallest rule that works for these sites. */
    propose(origins: readonly string[]): CorsRule;
    /** Puts our rule in front and touches no other. */
    setRule(rule: CorsRule): Promise<CorsRules>;
  };
  readonly acceleration: {
    get(): Promise<AccelerationResponse>;
    set(status: AccelerationRequest["status"]): Promise<AccelerationResponse>;
  };
}

/** Where the bucket is, and under which origins it is accelerated. */
export interface ConfigurationOptions extends Pick<S3Endpoint, "bucket" | "endpoint"> {
  readonly kind: "embedded" | "s3";
  readonly accelerateOrigins: readonly string[];
}

/** @param onChange what was found out about the storage may no longer hold */
export function createBucketConfiguration(
  client: S3Client,
  options: ConfigurationOptions,
  onChange: () => void,
): BucketConfiguration {
  const { bucket, endpoint, accelerateOrigins: origins } = options;
  const change = changeOneByOne(onChange);
  const acceleration = { bucket, endpoint, origins };
  return {
    lifecycle: {
      get: () => getLifecycle(client, bucket),
      setAbortRule: (days) => change(() => setAbortRule(client, bucket, days)),
      removeAbortRule: () => change(() => removeAbortRule(client, bucket)),
    },
    cors: {
      get: () => getCors(client, bucket),
      propose: (sites) => proposeRule(sites, matchesHeaderNames(options)),
      setRule: (rule) => change(() => setCorsRule(client, bucket, rule)),
    },
    acceleration: {
      get: () => getAcceleration(client, acceleration),
      set: (status) => change(() => setAcceleration(client, acceleration, status)),
    },
  };
}

/** What matches header names by a pattern such as `x-amz-*`. */
function matchesHeaderNames({
  kind,
  endpoint,
}: Pick<ConfigurationOptions, "kind" | "endpoint">): boolean {
  return kind === "embedded" || isAwsEndpoint(endpoint);
}

/** Two admins of one server must not write over each other. */
function changeOneByOne(onChange: () => void) {
  let last: Promise<unknown> = Promise.resolve();
  return function change<T>(make: () => Promise<T>): Promise<T> {
    const made = last.then(make);
    last = made.then(onChange, onChange);
    return made;
  };
}
