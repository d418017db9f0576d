import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { ConfigResponse, MAX_FILES_PER_REQUEST, MAX_PARTS_PER_REQUEST } from "../../shared/api.ts";
import {
  MAX_OBJECT_SIZE_BYTES,
  MAX_PART_COUNT,
  MAX_PART_SIZE_BYTES,
  MIN_PART_SIZE_BYTES,
} from "../../shared/limits.ts";
import { MULTIPART_THRESHOLD_BYTES } from "../../shared/part-plan.ts";
import type { Storage } from "../s3/index.ts";
import type { ApiEnv } from "./context.ts";
import { answers, answersProblem } from "./validate.ts";

/** A browser opens six connections to an origin over HTTP/1.1; URLs are signed for one origin. */
const CONNECTIONS = 6;

/** What the page has to know before it uploads. */
export function createConfigurationRoutes(
  storage: Pick<Storage, "kind" | "bucket" | "origins" | "capabilities">,
  now: () => Date,
) {
  return new Hono<ApiEnv>().get(
    "/",
    describeRoute({
      tags: ["Configuration"],
      summary: "Limits, defaults and what the storage can do",
      responses: {
        200: answers("The configuration", ConfigResponse),
        default: answersProblem("You may not know"),
      },
    }),
    async (c) => c.json(await describeConfiguration(storage, now()), 200),
  );
}

/** The page has to load while the storage is away, in milliseconds. */
const PATIENCE_MS = 2000;

/** What to go by where the storage cannot be asked. */
const NOTHING_KNOWN = { equalParts: false, conditionalWrites: false };

/** `value`, or `fallback` where it fails or takes too long. */
async function soonOr<T>(fallback: T, value: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(fallback), PATIENCE_MS);
  });
  const soon = await Promise.race([value.catch(() => fallback), late]);
  clearTimeout(timer);
  return soon;
}

async function describeConfiguration(
  {
    kind,
    bucket,
    origins,
    capabilities,
  }: Pick<Storage, "kind" | "bucket" | "origins" | "capabilities">,
  now: Date,
): Promise<ConfigResponse> {
  const { equalParts, conditionalWrites } = await soonOr(NOTHING_KNOWN, capabilities());
  return {
    serverTime: now.toISOString(),
    limits: {
      minPartSizeBytes: MIN_PART_SIZE_BYTES,
      maxPartSizeBytes: MAX_PART_SIZE_BYTES,
      maxPartCount: MAX_PART_COUNT,
      maxObjectSizeBytes: MAX_OBJECT_SIZE_BYTES,
      multipartThresholdBytes: MULTIPART_THRESHOLD_BYTES,
      maxFilesPerRequest: MAX_FILES_PER_REQUEST,
      maxPartsPerRequest: MAX_PARTS_PER_REQUEST,
    },
    defaults: {
      keyStrategy: "plain",
      ifExists: "rename",
      connections: CONNECTIONS,
    },
    storage: { kind, bucket, origins: [...origins], equalParts, conditionalWrites },
  };
}
