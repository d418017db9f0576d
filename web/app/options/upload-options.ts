import * as z from "zod/mini";
import { type ConfigResponse, IfExists, KeyStrategy } from "../../../shared/api.ts";
import type { AddOptions } from "../../transfer/index.ts";
import { faultOfCacheControl } from "./cache-control.ts";
import type { JudgedValues, NamedValue } from "./named-values.ts";
import { judgeMetadata } from "./object-metadata.ts";
import { judgeTags } from "./object-tags.ts";
import { describeStorageClass } from "./storage-class.ts";

/** What a person chose for the files to come, as it was typed. */
export interface UploadOptions {
  readonly keyStrategy: KeyStrategy;
  readonly ifExists: IfExists;
  /** Empty: the bucket's own. */
  readonly storageClass: string;
  /** Empty: none. */
  readonly cacheControl: string;
  readonly metadata: readonly NamedValue[];
  readonly tags: readonly NamedValue[];
  /** Texts are packed on the way. */
  readonly gzip: boolean;
  /** Every byte is checksummed and compared. */
  readonly checksum: boolean;
  /** The screen stays on while something is uploaded. */
  readonly keepAwake: boolean;
}

const STORAGE_KEY = "sluice.upload-options";

/** What the server's configuration has to say about options. */
export interface OptionsConfig {
  readonly defaults: Pick<ConfigResponse["defaults"], "keyStrategy" | "ifExists">;
  readonly storage: Pick<ConfigResponse["storage"], "storageClasses">;
}

/** The remembered options; the server's defaults stand in for each that is not there or unreadable. */
export function readOptions(storage: () => Storage, config: OptionsConfig): UploadOptions {
  const defaults = defaultOptions(config);
  try {
    const text = storage().getItem(STORAGE_KEY);
    const stored = storedOptions(defaults).safeParse(text === null ? {} : JSON.parse(text));
    if (!stored.success) return defaults;
    const isOffered = config.storage.storageClasses.includes(stored.data.storageClass);
    return isOffered ? stored.data : { ...stored.data, storageClass: "" };
  } catch {
    // Not JSON, or storage is closed to us: the defaults serve.
    return defaults;
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

/** What the uploader is told: whatever could not be sent is left out, and the page says so. */
export function toAddOptions(options: UploadOptions): AddOptions {
  const { keyStrategy, ifExists, storageClass, gzip, checksum } = options;
  const { cacheControl, metadata, tags } = judgeOptions(options);
  return {
    keyStrategy,
    ifExists,
    gzip,
    checksum,
    ...(storageClass !== "" && { storageClass }),
    ...(cacheControl.accepted !== "" && { cacheControl: cacheControl.accepted }),
    ...(Object.keys(metadata.accepted).length > 0 && { metadata: metadata.accepted }),
    ...(Object.keys(tags.accepted).length > 0 && { tags: tags.accepted }),
  };
}

/** What can be sent of the texts that were typed, and what is wrong with the rest. */
export interface JudgedOptions {
  readonly cacheControl: { readonly accepted: string; readonly fault: string | null };
  readonly metadata: JudgedValues;
  readonly tags: JudgedValues;
}

/** The server states metadata, tags and `Cache-Control` in the upload's ID: all of them, in bytes. */
const STATED_BYTES = 6 * 1024;

/** Judges what was typed by the rules of the server, tags last: they get the room that is left. */
export function judgeOptions(options: UploadOptions): JudgedOptions {
  const fault = faultOfCacheControl(options.cacheControl);
  const cacheControl = { accepted: fault === null ? options.cacheControl : "", fault };
  const metadata = judgeMetadata(options.metadata);
  const stated = JSON.stringify([metadata.accepted, "", cacheControl.accepted]);
  return { cacheControl, metadata, tags: judgeTags(options.tags, STATED_BYTES - stated.length) };
}

/** What is set of those options that are folded away, in a few words: `3 tags`; often empty. */
export function describeFolded(options: UploadOptions): string {
  const count = (rows: readonly NamedValue[]) => rows.filter(({ name }) => name !== "").length;
  const metadata = count(options.metadata);
  const tags = count(options.tags);
  return [
    options.storageClass === "" ? "" : describeStorageClass(options.storageClass).label,
    options.cacheControl,
    metadata > 0 ? `${metadata} metadata` : "",
    tags > 0 ? `${tags} ${tags === 1 ? "tag" : "tags"}` : "",
  ]
    .filter((words) => words !== "")
    .join(" · ");
}

function defaultOptions({ defaults }: OptionsConfig): UploadOptions {
  return {
    keyStrategy: defaults.keyStrategy,
    ifExists: defaults.ifExists,
    storageClass: "",
    cacheControl: "",
    metadata: [],
    tags: [],
    gzip: false,
    checksum: true,
    keepAwake: false,
  };
}

const orElse = z.catch;
const NamedValues = z.array(z.object({ name: z.string(), value: z.string() }));

function storedOptions(defaults: UploadOptions) {
  return z.object({
    keyStrategy: orElse(KeyStrategy, defaults.keyStrategy),
    ifExists: orElse(IfExists, defaults.ifExists),
    storageClass: orElse(z.string(), defaults.storageClass),
    cacheControl: orElse(z.string(), defaults.cacheControl),
    metadata: orElse(NamedValues, []),
    tags: orElse(NamedValues, []),
    gzip: orElse(z.boolean(), defaults.gzip),
    checksum: orElse(z.boolean(), defaults.checksum),
    keepAwake: orElse(z.boolean(), defaults.keepAwake),
  });
}
