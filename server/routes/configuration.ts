import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { ConfigResponse, MAX_FILES_PER_REQUEST, MAX_PARTS_PER_REQUEST } from "../../shared/api.ts";
import { isAwsEndpoint } from "../../shared/aws-endpoint.ts";
import { MAX_ACCELERATION_USD_PER_GB } from "../../shared/cost.ts";
import {
  MAX_OBJECT_SIZE_BYTES,
  MAX_PART_COUNT,
  MAX_PART_SIZE_BYTES,
  MIN_PART_SIZE_BYTES,
} from "../../shared/limits.ts";
import { MULTIPART_THRESHOLD_BYTES } from "../../shared/part-plan.ts";
import type { Capabilities, Storage } from "../s3/index.ts";
import type { ApiEnv } from "./context.ts";
import { answers, answersProblem } from "./validate.ts";

/** A browser opens six connections to an origin over HTTP/1.1. */
const CONNECTIONS_PER_ORIGIN = 6;

/** Where to start, however many origins there are: the browser finds its own level from there. */
const MAX_FIRST_CONNECTIONS = 12;

type DescribedStorage = Pick<
  Storage,
  "kind" | "bucket" | "origins" | "accelerateOrigins" | "storageClasses" | "capabilities"
>;

/** What the page has to know before it uploads. */
export function createConfigurationRoutes(storage: DescribedStorage, now: () => Date) {
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
const NOTHING_KNOWN: Pick<
  Capabilities,
  "equalParts" | "conditionalWrites" | "checksum" | "acceleration"
> = {
  // Equal parts are right everywhere.
  equalParts: true,
  conditionalWrites: false,
  checksum: null,
  acceleration: false,
};

/** `value`, or `fallback` where it fails or takes too long. */
async function soonOr<T>(value: Promise<T>, fallback: NoInfer<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(fallback), PATIENCE_MS);
  });
  const soon = await Promise.race([value.catch(() => fallback), late]);
  clearTimeout(timer);
  return soon;
}

async function describeConfiguration(
  storage: DescribedStorage,
  now: Date,
): Promise<ConfigResponse> {
  const known = await soonOr<typeof NOTHING_KNOWN>(storage.capabilities(), NOTHING_KNOWN);
  const { kind, bucket, origins, accelerateOrigins, storageClasses } = storage;
  const { equalParts, conditionalWrites, checksum } = known;
  const acceleratedOrigins = known.acceleration ? [...accelerateOrigins] : [];
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
      connections: Math.min(MAX_FIRST_CONNECTIONS, CONNECTIONS_PER_ORIGIN * origins.length),
    },
    storage: {
      kind,
      bucket,
      origins: [...origins],
      acceleratedOrigins,
      accelerationUsdPerGb: usdPerGb(acceleratedOrigins),
      equalParts,
      conditionalWrites,
      checksum: checksum && {
        algorithm: checksum.algorithm,
        mode: checksum.when === "declared" ? "declared" : "computed",
      },
      storageClasses: [...storageClasses],
    },
  };
}

/** Only AWS's price is known. */
function usdPerGb(acceleratedOrigins: readonly string[]): number | null {
  const isAws = acceleratedOrigins.length > 0 && acceleratedOrigins.every(isAwsEndpoint);
  return isAws ? MAX_ACCELERATION_USD_PER_GB : null;
}
