import type { AccelerationResponse, CorsRule, LifecycleRule } from "../../shared/admin-api.ts";
import type { BucketConfiguration } from "../../server/s3/index.ts";

/** A bucket's configuration in memory, which has rules of somebody else. */
export function scriptConfiguration(): BucketConfiguration {
  let lifecycle: LifecycleRule[] = [
    { id: "theirs", enabled: true, prefix: "logs/", does: ["expires objects"], ours: false },
  ];
  let cors: CorsRule[] = [
    {
      id: "theirs",
      allowedOrigins: ["https://their.example"],
      allowedMethods: ["GET"],
      allowedHeaders: [],
      exposeHeaders: [],
      ours: false,
    },
  ];
  let status: AccelerationResponse["status"] = "Unset";
  const rulesNow = () => {
    const abortIncompleteAfterDays =
      lifecycle.find(({ ours }) => ours)?.abortIncompleteAfterDays ?? null;
    return { supported: true, abortIncompleteAfterDays, rules: lifecycle };
  };
  return {
    lifecycle: {
      get: async () => rulesNow(),
      async setAbortRule(days) {
        const rule = { id: "sluice-app", enabled: true, prefix: "", does: [], ours: true };
        const others = lifecycle.filter(({ ours }) => !ours);
        lifecycle = [...others, { ...rule, abortIncompleteAfterDays: days }];
        return rulesNow();
      },
      async removeAbortRule() {
        lifecycle = lifecycle.filter(({ ours }) => !ours);
        return rulesNow();
      },
    },
    cors: {
      get: async () => ({ supported: true, rules: cors }),
      propose: (origins) => ({
        id: "sluice-app",
        allowedOrigins: [...origins],
        allowedMethods: ["PUT", "POST", "GET", "HEAD"],
        allowedHeaders: ["*"],
        exposeHeaders: ["ETag"],
        ours: true,
      }),
      async setRule(rule) {
        cors = [rule, ...cors.filter(({ ours }) => !ours)];
        return { supported: true, rules: cors };
      },
    },
    acceleration: {
      get: async () => ({ status, origins: [] }),
      async set(wanted) {
        status = wanted;
        return { status, origins: [] };
      },
    },
  };
}
