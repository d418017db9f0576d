import * as z from "zod/mini";
import { type ConfigResponse, IfExists, KeyStrategy } from "../../../shared/api.ts";

/** What a person chose for the files to come. */
export interface UploadOptions {
  readonly keyStrategy: KeyStrategy;
  readonly ifExists: IfExists;
}

const STORAGE_KEY = "sluice.upload-options";
const Stored = z.object({ keyStrategy: KeyStrategy, ifExists: IfExists });

/** The remembered options, or the server's defaults where nothing readable is remembered. */
export function readOptions(
  storage: () => Storage,
  defaults: ConfigResponse["defaults"],
): UploadOptions {
  const fallback = { keyStrategy: defaults.keyStrategy, ifExists: defaults.ifExists };
  try {
    const text = storage().getItem(STORAGE_KEY);
    if (text === null) return fallback;
    const stored = Stored.safeParse(JSON.parse(text));
    return stored.success ? stored.data : fallback;
  } catch {
    // Not JSON, or storage is closed to us: the defaults serve.
    return fallback;
  }
}

/** Remembers the options, where storage is open to us. */
export function saveOptions(storage: () => Storage, options: UploadOptions): void {
  try {
    storage().setItem(STORAGE_KEY, JSON.stringify(options));
  } catch {
    // Private windows and full quotas forget them; nothing else is lost.
  }
}
