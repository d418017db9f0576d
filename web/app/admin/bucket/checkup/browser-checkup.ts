import type { Check, ProbeResponse } from "../../../../../shared/admin-api.ts";
import { BackendError } from "../../../backend.ts";
import type { BucketApi } from "../bucket-api.ts";
import { checkBrowserClock, type ClockLine } from "./browser-clock.ts";
import { checkAcceleratedOrigin, checkOrigin, type OriginLine } from "./browser-origin.ts";

/** What the browser's check-up works with. */
export interface BrowserCheckupPorts extends OriginLine, ClockLine {
  readonly api: Pick<BucketApi, "openProbe" | "removeProbe">;
}

/**
 * Tries the bucket from this browser, under every origin, with an object of one byte that is removed
 * whatever happens.
 * @throws BackendError where the server gives no URLs; the signal's reason
 */
export async function checkFromBrowser(
  ports: BrowserCheckupPorts,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const clock = checkBrowserClock(ports, signal);
  // Whichever fails first is told; the other must not fail unheard.
  const [ofBucket, ofClock] = await Promise.all([checkBucket(ports, signal), clock]);
  return [...ofBucket, ofClock];
}

async function checkBucket(
  ports: BrowserCheckupPorts,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const probe = await ports.api.openProbe(1, signal);
  try {
    const checks = await checkOrigins(ports, probe, signal);
    const left = await remove(ports, probe.key);
    return left === null ? checks : [...checks, left];
  } catch (error) {
    await remove(ports, probe.key);
    throw error;
  }
}

async function checkOrigins(
  ports: BrowserCheckupPorts,
  { origins, accelerated = [] }: ProbeResponse,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const direct = origins.map((address) => checkOrigin(ports, address, signal));
  const checks = (await Promise.all(direct)).flat();
  // After the others: it is the same object.
  const more = accelerated.map((address) => checkAcceleratedOrigin(ports, address, signal));
  return [...checks, ...(await Promise.all(more))];
}

/** What is left where the object cannot be removed; `null`: nothing. */
async function remove({ api }: BrowserCheckupPorts, key: string): Promise<Check | null> {
  try {
    await api.removeProbe(key);
    return null;
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return {
      id: "browser-removal",
      title: "What this browser wrote is removed",
      status: "warn",
      tried: "DELETE of the object of one byte, by the server.",
      detail: `It may still be there: ${error.message}.`,
      remedy: { text: `Delete ${key}, or run the check-up again later.` },
    };
  }
}
