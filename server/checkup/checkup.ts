import type { CheckupResponse, ProbeResponse } from "../../shared/admin-api.ts";
import { ProblemError } from "../../shared/problem.ts";
import {
  openDirectAccess,
  removeObject,
  toProblem,
  type DirectAccess,
  type PublicAddress,
  type StorageOptions,
} from "../s3/index.ts";
import type { Circumstances } from "./examination.ts";
import { CHECKUP_PREFIX } from "./ground.ts";
import { removeLeftovers } from "./leftovers.ts";
import { examineBucket, prescribe, withoutCredentials } from "./rounds.ts";

/** The bucket's doctor. */
export interface Checkup {
  /** Makes every check; whatever is wrong is in the answer, and nothing is thrown. */
  run(): Promise<CheckupResponse>;
  /**
   * URLs by which a browser tries the bucket itself, under every origin; throws ProblemError.
   * @param sizeBytes of what it writes; left out: 1
   */
  openProbe(sizeBytes?: number): Promise<ProbeResponse>;
  /** Removes what a browser wrote, and what was left behind for a day; throws ProblemError `forbidden` for a key that no probe has. */
  removeProbe(key: string): Promise<void>;
}

/** What a check-up has to know. */
export interface CheckupOptions {
  readonly storage: StorageOptions;
  /** Origins of the pages that upload; asked for at each check-up. */
  readonly sites: () => readonly string[];
  readonly now: () => Date;
}

/** All checks together may take so long, in milliseconds; what they wrote is removed within five seconds more. */
const TOTAL_MS = 50_000;

/** A check-up of one bucket; nothing is sent before it is asked for. */
export function createCheckup(options: CheckupOptions): Checkup {
  let running: Promise<CheckupResponse> | undefined;
  return {
    // Whoever asks while one is under way gets its answer: the storage is not asked twice.
    run: () =>
      (running ??= run(options).finally(() => {
        running = undefined;
      })),
    openProbe: (sizeBytes = 1) => withAccess(options, (access) => openProbe(access, sizeBytes)),
    removeProbe: (key) =>
      withAccess(options, (access) => removeProbe(access, key, options.now().getTime())),
  };
}

async function run({ storage, sites, now }: CheckupOptions): Promise<CheckupResponse> {
  const circumstances: Circumstances = { ...storage, sites: sites() };
  const checkedAt = now().toISOString();
  const opened = await openDirectAccess(storage).catch((error: unknown) => ({ error }));
  if ("error" in opened) {
    const findings = withoutCredentials(opened.error, circumstances);
    return { checks: prescribe(circumstances, findings), checkedAt };
  }
  try {
    const signal = AbortSignal.timeout(TOTAL_MS);
    const findings = await examineBucket(circumstances, opened, signal, () => now().getTime());
    return { checks: prescribe(circumstances, findings), checkedAt };
  } finally {
    opened.close();
  }
}

async function withAccess<T>(
  { storage }: CheckupOptions,
  use: (access: DirectAccess) => Promise<T>,
): Promise<T> {
  const access = await openDirectAccess(storage).catch((error) => {
    throw toProblem(error, "Sign a URL");
  });
  try {
    return await use(access);
  } finally {
    access.close();
  }
}

const PROBE_PREFIX = `${CHECKUP_PREFIX}browser-`;

/** What browsers send by themselves with a body that is a string. */
const PROBE_HEADERS = { "content-type": "text/plain;charset=UTF-8" };

async function openProbe(
  { direct, accelerated }: DirectAccess,
  sizeBytes: number,
): Promise<ProbeResponse> {
  const key = PROBE_PREFIX + crypto.randomUUID();
  let expiresAtMs = Infinity;
  const sign = async ({ origin, presigner }: PublicAddress) => {
    const put = await presigner.signPut(key, PROBE_HEADERS, sizeBytes);
    const get = await presigner.signGet(key, {});
    expiresAtMs = Math.min(expiresAtMs, put.expiresAt.getTime(), get.expiresAt.getTime());
    return { origin, putUrl: put.url, getUrl: get.url };
  };
  const signAll = (addresses: readonly PublicAddress[]) => Promise.all(addresses.map(sign));
  try {
    const [origins, fast] = await Promise.all([signAll(direct), signAll(accelerated)]);
    const expiresAt = new Date(expiresAtMs).toISOString();
    return { key, origins, accelerated: fast, expiresAt };
  } catch (error) {
    throw toProblem(error, "Sign a URL");
  }
}

async function removeProbe(access: DirectAccess, key: string, nowMs: number): Promise<void> {
  if (!/^[0-9a-f-]{36}$/.test(key.slice(PROBE_PREFIX.length)) || !key.startsWith(PROBE_PREFIX)) {
    throw new ProblemError("forbidden", "This is the key of no probe.");
  }
  await removeObject(access, key);
  await removeLeftovers(access, nowMs);
}
