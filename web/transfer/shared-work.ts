import type { UploadApi } from "./backend/upload-api.ts";
import type { PartHasher } from "./checksum/index.ts";
import type { Connectivity } from "./line/connectivity.ts";
import type { LineSpeed } from "./line/line-speed.ts";
import type { Origins } from "./line/origins.ts";
import type { PartTransport } from "./line/part-transport.ts";
import type { StorageHealth } from "./line/storage-health.ts";
import type { TransferError } from "./problem.ts";
import type { ConnectionBudget } from "./schedule/connection-budget.ts";
import type { StorageFacts } from "./storage-facts.ts";
import type { Clock } from "./time/clock.ts";
import type { Sleep } from "./time/sleep.ts";
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
  readonly facts: StorageFacts;
  readonly origins: Origins;
  readonly line: LineSpeed;
  readonly budget: ConnectionBudget;
  /** Null where bytes are not checksummed. */
  readonly hasher: PartHasher | null;
  /** Aborted when the uploader is closed. */
  readonly signal: AbortSignal;
}

/** Why an upload stands still after `error`. */
export function waitReason(error: TransferError, connectivity: Connectivity): WaitReason {
  if (!connectivity.isOnline()) return "offline";
  return error.facts.throttled === true ? "throttled" : "backoff";
}
