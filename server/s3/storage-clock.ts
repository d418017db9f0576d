import type { S3Client } from "@aws-sdk/client-s3";

/**
 * The storage's own clock, in milliseconds since 1970: what it says of times can only be judged by it. Read
 * off the `Date` of its answers, to the second; before the first of them it is this machine's clock.
 * The SDK's own correction begins at five minutes, when whoever is alive would long count as silent.
 */
export function watchStorageClock(client: S3Client, now: () => number = Date.now): () => number {
  let aheadMs = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const saidMs = dateOf(result.response);
      if (!Number.isNaN(saidMs)) aheadMs = saidMs - now();
      return result;
    },
    { step: "deserialize", priority: "low", name: "watchStorageClock" },
  );
  return () => now() + aheadMs;
}

function dateOf(response: unknown): number {
  if (typeof response !== "object" || response === null || !("headers" in response)) return NaN;
  const { headers } = response;
  if (typeof headers !== "object" || headers === null || !("date" in headers)) return NaN;
  return Date.parse(String(headers.date));
}
