/** What the bench and the page of one run say to each other. Sizes in bytes, times in milliseconds. */
import * as z from "zod/mini";

/** Options of a hand-made loop. */
export const LoopOptions = z.object({
  /** Of the whole file: one PUT, unsliced. */
  how: z.enum(["parts", "whole", "put", "post"]),
  partSizeBytes: z.int(),
  /** Requests at once, over all origins. */
  connections: z.int(),
  /** Of the origins that there are, so many are used. */
  originCount: z.int(),
});
export type LoopOptions = z.infer<typeof LoopOptions>;

/** Options of a library that signs by one request each, or by itself. */
export const PeerOptions = z.object({
  /** The library's own where it is left out. */
  partSizeBytes: z.optional(z.int()),
  /** Files or parts at once; the library's own where it is left out. */
  limit: z.optional(z.int()),
  /** Files above this go in parts; the library's own where it is left out. */
  thresholdBytes: z.optional(z.int()),
  /** `requests`: one to the backend for every URL. `credentials`: the browser holds a key and signs. */
  signing: z.enum(["requests", "credentials"]),
});
export type PeerOptions = z.infer<typeof PeerOptions>;

/** Options of our own uploader. */
export const SluiceOptions = z.object({ checksum: z.boolean() });
export type SluiceOptions = z.infer<typeof SluiceOptions>;

/** Where a page finds the storage, and what it is to do. */
export const PageSetup = z.object({
  /** Read by the contestant's own schema. */
  options: z.unknown(),
  /** Keys begin with it, where the contestant chooses them. */
  prefix: z.string(),
  bucket: z.string(),
  region: z.string(),
  /** Origins of the storage, the first the main one. */
  origins: z.array(z.string()),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
});
export type PageSetup = z.infer<typeof PageSetup>;

/** How a run went, as the page saw it. */
export const PageResult = z.object({
  /** From the start to the last file being done. */
  durationMs: z.number(),
  /** Keys in the order of the files. */
  keys: z.array(z.string()),
  /** Tasks of the main thread above 50 ms. */
  longTasksMs: z.array(z.number()),
  /** Why it came to nothing, or null. */
  failure: z.nullable(z.string()),
});
export type PageResult = z.infer<typeof PageResult>;

/** `POST /peer/open`: creates uploads and signs everything at once, for the hand-made loops. */
export const LoopOpenRequest = z.object({
  how: LoopOptions.shape.how,
  partSizeBytes: z.int(),
  originCount: z.int(),
  files: z.array(z.object({ key: z.string(), sizeBytes: z.int() })),
});

/** One file, opened: an upload in parts, a PUT, or a form. */
export const LoopOpened = z.array(
  z.object({
    uploadId: z.optional(z.string()),
    urls: z.array(z.string()),
    fields: z.optional(z.record(z.string(), z.string())),
  }),
);

/** `POST /peer/complete`. */
export const CompleteRequest = z.object({
  key: z.string(),
  uploadId: z.string(),
  etags: z.array(z.string()),
});

/** `POST /peer/sign`: one request of S3, as Uppy's documentation words it. */
export const SignRequest = z.object({
  method: z.enum(["PUT", "POST", "DELETE", "GET"]),
  key: z.string(),
  uploadId: z.optional(z.string()),
  partNumber: z.optional(z.int()),
  contentType: z.optional(z.string()),
});
export type SignRequest = z.infer<typeof SignRequest>;

/** Answer to `POST /peer/sign`. */
export const Signed = z.object({ url: z.string() });

/** `POST /peer/create`. */
export const CreateRequest = z.object({ key: z.string() });

/** Answer to `POST /peer/create`. */
export const Created = z.object({ uploadId: z.string(), key: z.string() });
