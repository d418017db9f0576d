import type { Logger } from "pino";
import type { StoreEvent } from "./store/index.ts";

/**
 * Logs what the embedded store reports: faults of its own as errors, requests for debugging.
 * Their URLs carry signatures and stay out.
 */
export function logStoreEvent(log: Logger, event: StoreEvent): void {
  switch (event.kind) {
    case "request": {
      const { requestId, method, status, durationMs, code, cause } = event;
      const line = { requestId, method, status, durationMs: Math.round(durationMs), code };
      if (status >= 500) log.error({ ...line, err: cause }, "store request");
      else log.debug(line, "store request");
      return;
    }
    case "fault":
      log.error({ err: event.error, during: event.during }, "store fault");
      return;
    default:
      log.info(event, "store");
  }
}
