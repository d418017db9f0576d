import type { Clock } from "./clock.ts";
import type { Connectivity } from "./connectivity.ts";
import type { TransferError } from "./problem.ts";
import type { Sleep } from "./sleep.ts";
import type { StorageHealth } from "./storage-health.ts";
import type { PartTransport } from "./transport/part-transport.ts";
import type { UploadApi } from "./upload-api.ts";
import type { WaitReason } from "./upload-view.ts";

/** What all uploads of one uploader work with. */
export interface SharedWork {
  readonly api: UploadApi;
  readonly transport: PartTransport;
  readonly clock: Clock;
  readonly random: () => number;
  readonly connectivity: Connectivity;
  readonly sleep: Sleep;
  readonly storage: StorageHealth;
  /** Aborted when the uploader is closed. */
  readonly signal: AbortSignal;
}

/** Why an upload stands still after `error`. */
export function waitReason(error: TransferError, connectivity: Connectivity): WaitReason {
  if (!connectivity.isOnline()) return "offline";
  return error.facts.throttled === true ? "throttled" : "backoff";
}
