import type { ConfigResponse } from "../../shared/api.ts";

/** What has to be known of a storage before bytes go to it, as `GET /api/config` says it. */
export type StorageFacts = Pick<
  ConfigResponse["storage"],
  "origins" | "acceleratedOrigins" | "accelerationUsdPerGb" | "checksum"
>;

/** Where nothing is known: one origin, named by the first signed URL, and no checksums. */
export const UNKNOWN_STORAGE: StorageFacts = {
  origins: [],
  acceleratedOrigins: [],
  accelerationUsdPerGb: null,
  checksum: null,
};
