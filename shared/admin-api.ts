/**
 * The HTTP contract of sessions and of the administration: the same schemas validate, document and type it.
 * Sizes are bytes, timestamps ISO 8601.
 */
import * as z from "zod/mini";
import { KeyStrategy, Problem } from "./api.ts";
import { MAX_OBJECT_SIZE_BYTES } from "./limits.ts";
import { isPossibleKey } from "./object-key.ts";

const sizeBytes = z.int().check(z.gte(0), z.lte(MAX_OBJECT_SIZE_BYTES));
const timestamp = z.iso.datetime();
const key = z.string().check(z.refine(isPossibleKey, "no key of 1 to 1,024 bytes"));
const uploadId = z.string().check(z.minLength(1), z.maxLength(2048));

/** `POST /api/session`. */
export const SignInRequest = z
  .object({ password: z.string().check(z.maxLength(1024)) })
  .register(z.globalRegistry, { id: "SignInRequest" });
export type SignInRequest = z.infer<typeof SignInRequest>;

/** Answer to `GET /api/session`: who asks, and how else they could. */
export const SessionResponse = z
  .object({
    /** `local`: everyone on this machine; `none`: nobody has signed in. */
    mode: z.enum(["local", "session", "grant", "none"]),
    /** A password is set, so that admins can sign in. */
    canSignIn: z.boolean(),
    /** `null` where nobody has signed in. */
    identity: z.nullable(
      z.object({
        subject: z.string(),
        scopes: z.array(z.enum(["upload", "download", "query", "admin", "metrics"])),
        prefix: z.string(),
        maxBytes: z.nullable(z.int()),
        contentTypes: z.nullable(z.array(z.string())),
      }),
    ),
    /** When a session ends unless it is used. */
    expiresAt: z.optional(timestamp),
  })
  .register(z.globalRegistry, { id: "Session" });
export type SessionResponse = z.infer<typeof SessionResponse>;

/** Most uploads in one heartbeat. */
export const MAX_UPLOADS_PER_HEARTBEAT = 100;

/** `POST /api/uploads/heartbeat`: uploads of the caller that are alive. */
export const HeartbeatRequest = z
  .object({
    uploads: z
      .array(
        z.object({
          /** As `POST /api/uploads` issued it. */
          id: z.string().check(z.minLength(1), z.maxLength(12_288)),
          state: z.enum(["uploading", "paused"]),
        }),
      )
      .check(z.minLength(1), z.maxLength(MAX_UPLOADS_PER_HEARTBEAT)),
  })
  .register(z.globalRegistry, { id: "HeartbeatRequest" });
export type HeartbeatRequest = z.infer<typeof HeartbeatRequest>;

/**
 * What is known of an upload's life. `uploading`: heard of within minutes. `paused`: put aside, or silent
 * for less than a day. `abandoned`: silent for longer. `unknown`: not one of ours, so that nobody can say.
 */
export const Liveness = z.enum(["uploading", "paused", "abandoned", "unknown"]);
export type Liveness = z.infer<typeof Liveness>;

/** An upload as the storage names it. */
export const UploadAddress = z.object({ key, uploadId });
export type UploadAddress = z.infer<typeof UploadAddress>;

/** An upload that was neither completed nor aborted. */
export const IncompleteUpload = z
  .object({
    key: z.string(),
    uploadId: z.string(),
    initiatedAt: timestamp,
    storageClass: z.string(),
    /** As the storage names who opened it. */
    initiator: z.optional(z.string()),
    sizeBytes: z.optional(sizeBytes),
    partCount: z.optional(z.int()),
    lastPartAt: z.optional(timestamp),
    /** When a lifecycle rule of the bucket will end it; left out: none will. */
    abortsAt: z.optional(timestamp),
    /** It is being sent right now. */
    live: z.boolean(),
    liveness: Liveness,
    /** When its uploader was last heard of; left out for uploads that are not ours. */
    heardAt: z.optional(timestamp),
    /** Of the whole file, as far as it was said. */
    fileSizeBytes: z.optional(sizeBytes),
    /** Who opened it, as a grant names them. */
    owner: z.optional(z.string()),
  })
  .register(z.globalRegistry, { id: "IncompleteUpload" });
export type IncompleteUpload = z.infer<typeof IncompleteUpload>;

/** Most uploads in one page of `GET /api/admin/uploads`. */
export const MAX_UPLOADS_PER_PAGE = 1000;

/** `GET /api/admin/uploads`, behind the question mark. */
export const ListUploadsQuery = z.object({
  prefix: z.optional(z.string().check(z.maxLength(1024))),
  /** `nextCursor` of the page before. */
  cursor: z.optional(z.string().check(z.maxLength(8192))),
  limit: z.optional(
    z.coerce.number().check(z.multipleOf(1), z.gte(1), z.lte(MAX_UPLOADS_PER_PAGE)),
  ),
});

/** Answer to `GET /api/admin/uploads`: a page, in the order of the keys. */
export const ListUploadsResponse = z
  .object({
    uploads: z.array(IncompleteUpload),
    /** Where the next page begins; null behind the last. */
    nextCursor: z.nullable(z.string()),
    /** `register`: the storage lists uploads by exact key alone, so that only ours are seen. */
    source: z.enum(["storage", "register"]),
  })
  .register(z.globalRegistry, { id: "ListUploadsResponse" });
export type ListUploadsResponse = z.infer<typeof ListUploadsResponse>;

const heldParts = {
  partCount: z.int(),
  sizeBytes,
  /** `null` where it has no part. */
  lastPartAt: z.nullable(timestamp),
  abortsAt: z.optional(timestamp),
  /** Of the file and its uploader, for uploads of ours. */
  owner: z.optional(z.string()),
  fileName: z.optional(z.string()),
  fileSizeBytes: z.optional(sizeBytes),
};

/** Answer to `GET /api/admin/uploads/parts`, which has an upload's address behind the question mark: what the storage holds of an upload. */
export const HeldPartsResponse = z
  .object(heldParts)
  .register(z.globalRegistry, { id: "HeldPartsResponse" });
export type HeldPartsResponse = z.infer<typeof HeldPartsResponse>;

/** Most uploads in one `POST /api/admin/uploads/parts`. */
export const MAX_UPLOADS_PER_LOOK = 100;

/** `POST /api/admin/uploads/parts`: the same about many at once. */
export const HeldPartsRequest = z
  .object({
    uploads: z.array(UploadAddress).check(z.minLength(1), z.maxLength(MAX_UPLOADS_PER_LOOK)),
  })
  .register(z.globalRegistry, { id: "HeldPartsRequest" });
export type HeldPartsRequest = z.infer<typeof HeldPartsRequest>;

/** Answer to `POST /api/admin/uploads/parts`: one entry an upload, in order; `gone`: there is none (any more). */
export const HeldPartsResults = z
  .object({
    results: z.array(
      z.union([
        z.object({ state: z.literal("open"), ...heldParts }),
        z.object({ state: z.literal("gone") }),
        z.object({ state: z.literal("failed"), problem: Problem }),
      ]),
    ),
  })
  .register(z.globalRegistry, { id: "HeldPartsResults" });
export type HeldPartsResults = z.infer<typeof HeldPartsResults>;

/** Most uploads in one `POST /api/admin/uploads/abort`. */
const MAX_UPLOADS_PER_ABORT = 1000;

const UploadToAbort = z.object({
  key,
  uploadId,
  /** As it was listed: by it an object is known that the upload became meanwhile. */
  initiatedAt: z.optional(timestamp),
});
export type UploadToAbort = z.infer<typeof UploadToAbort>;

/** `POST /api/admin/uploads/abort`. */
export const AbortUploadsRequest = z
  .object({
    uploads: z.array(UploadToAbort).check(z.minLength(1), z.maxLength(MAX_UPLOADS_PER_ABORT)),
    /** Also what is being sent right now; without it a live upload answers `upload-live` and goes on. */
    evenLive: z.optional(z.boolean()),
  })
  .register(z.globalRegistry, { id: "AbortUploadsRequest" });
export type AbortUploadsRequest = z.infer<typeof AbortUploadsRequest>;

/** Answer to `POST /api/admin/uploads/abort`: one entry an upload, in order. */
export const AbortUploadsResponse = z
  .object({
    results: z.array(
      z.object({
        key: z.string(),
        uploadId: z.string(),
        /** The storage holds no part of it; also where another admin was first. */
        aborted: z.boolean(),
        /** It became an object meanwhile, which stays: then nothing was aborted. */
        completed: z.optional(z.boolean()),
        problem: z.optional(Problem),
      }),
    ),
  })
  .register(z.globalRegistry, { id: "AbortUploadsResponse" });
export type AbortUploadsResponse = z.infer<typeof AbortUploadsResponse>;

/** Answer to `POST /api/admin/uploads/resume-link`: where its owner goes on with it. */
export const ResumeLinkResponse = z
  .object({
    /** Path and query of this site; worth nothing to anybody but the owner. */
    path: z.string(),
    owner: z.string(),
    expiresAt: timestamp,
  })
  .register(z.globalRegistry, { id: "ResumeLinkResponse" });
export type ResumeLinkResponse = z.infer<typeof ResumeLinkResponse>;

/** A lifecycle rule as far as a person wants to read it. */
const LifecycleRule = z.object({
  id: z.string(),
  enabled: z.boolean(),
  prefix: z.string(),
  /** One line for what it does, as "expires objects after 30 days". */
  does: z.array(z.string()),
  abortIncompleteAfterDays: z.optional(z.int()),
  /** The rule that this server sets and removes. */
  ours: z.boolean(),
});
export type LifecycleRule = z.infer<typeof LifecycleRule>;

/** Answer to `GET`, `PUT` and `DELETE /api/admin/bucket/lifecycle`. */
export const LifecycleResponse = z
  .object({
    supported: z.boolean(),
    /** After so many days incomplete uploads end everywhere in the bucket; `null`: nothing ends them. */
    abortIncompleteAfterDays: z.nullable(z.int()),
    rules: z.array(LifecycleRule),
  })
  .register(z.globalRegistry, { id: "LifecycleResponse" });
export type LifecycleResponse = z.infer<typeof LifecycleResponse>;

/** `PUT /api/admin/bucket/lifecycle`: sets our rule and touches no other. */
export const LifecycleRequest = z
  .object({ abortIncompleteAfterDays: z.int().check(z.gte(1), z.lte(3650)) })
  .register(z.globalRegistry, { id: "LifecycleRequest" });
export type LifecycleRequest = z.infer<typeof LifecycleRequest>;

/** Answer to `GET` and `PUT /api/admin/bucket/acceleration`. */
export const AccelerationResponse = z
  .object({
    status: z.enum(["Enabled", "Suspended", "Unset", "Unsupported"]),
    /** Why it cannot be enabled, as for a name with dots; left out: it can. */
    obstacle: z.optional(z.string()),
    /** Origins that uploads would take. */
    origins: z.array(z.string()),
  })
  .register(z.globalRegistry, { id: "AccelerationResponse" });
export type AccelerationResponse = z.infer<typeof AccelerationResponse>;

/** `PUT /api/admin/bucket/acceleration`. */
export const AccelerationRequest = z
  .object({ status: z.enum(["Enabled", "Suspended"]) })
  .register(z.globalRegistry, { id: "AccelerationRequest" });
export type AccelerationRequest = z.infer<typeof AccelerationRequest>;

/** A CORS rule of the bucket. */
const CorsRule = z.object({
  id: z.optional(z.string()),
  allowedOrigins: z.array(z.string()),
  allowedMethods: z.array(z.string()),
  allowedHeaders: z.array(z.string()),
  exposeHeaders: z.array(z.string()),
  maxAgeSeconds: z.optional(z.int()),
  ours: z.boolean(),
});
export type CorsRule = z.infer<typeof CorsRule>;

/** `GET /api/admin/bucket/cors`, behind the question mark. */
export const CorsQuery = z.object({
  /** The page's own, as its browser names it: requests that change nothing do not say it. */
  origin: z.optional(z.string().check(z.maxLength(300))),
});

/** Answer to `GET` and `PUT /api/admin/bucket/cors`. */
export const CorsResponse = z
  .object({
    supported: z.boolean(),
    rules: z.array(CorsRule),
    /** Sites that upload, and what the rules do not yet let them do; empty lacks: all is well. */
    origins: z.array(z.object({ origin: z.string(), lacks: z.array(z.string()) })),
    /** The smallest rule that mends it, as `aws s3api put-bucket-cors` takes it. */
    proposal: CorsRule,
  })
  .register(z.globalRegistry, { id: "CorsResponse" });
export type CorsResponse = z.infer<typeof CorsResponse>;

/** `PUT /api/admin/bucket/cors`: sets our rule for these sites and touches no other; left out: those configured, the page's own, and those that our rule lets in already. */
export const CorsRequest = z
  .object({
    origins: z.optional(z.array(z.string().check(z.maxLength(300))).check(z.maxLength(100))),
  })
  .register(z.globalRegistry, { id: "CorsRequest" });
export type CorsRequest = z.infer<typeof CorsRequest>;

/** What can be done about a finding. */
const Remedy = z.object({
  /** One sentence. */
  text: z.string(),
  /** A request of this API that does it. */
  action: z.optional(
    z.object({
      label: z.string(),
      method: z.enum(["PUT", "POST", "DELETE"]),
      path: z.string(),
      body: z.optional(z.record(z.string(), z.unknown())),
    }),
  ),
  /** A command line, or a policy in JSON, where a person has to. */
  copy: z.optional(z.array(z.object({ label: z.string(), text: z.string() }))),
});

/** One line of the check-up. */
export const Check = z
  .object({
    id: z.string(),
    title: z.string(),
    status: z.enum(["pass", "warn", "fail", "unsupported"]),
    /** What was tried, as "PUT of 1 byte, then HEAD". */
    tried: z.string(),
    /** What came back, and what it means. */
    detail: z.string(),
    remedy: z.optional(Remedy),
  })
  .register(z.globalRegistry, { id: "Check" });
export type Check = z.infer<typeof Check>;

/** Answer to `GET /api/admin/bucket/checkup`. */
export const CheckupResponse = z
  .object({ checks: z.array(Check), checkedAt: timestamp })
  .register(z.globalRegistry, { id: "CheckupResponse" });
export type CheckupResponse = z.infer<typeof CheckupResponse>;

/** `POST /api/admin/bucket/checkup/probe`. */
export const ProbeRequest = z
  .object({
    /** What the URL to write to takes, to the byte; left out: 1. */
    sizeBytes: z.optional(z.int().check(z.gte(1), z.lte(16 * 1024 * 1024))),
  })
  .register(z.globalRegistry, { id: "ProbeRequest" });
export type ProbeRequest = z.infer<typeof ProbeRequest>;

const ProbeAddress = z.object({ origin: z.string(), putUrl: z.string(), getUrl: z.string() });

/** Answer to `POST /api/admin/bucket/checkup/probe`: what a browser tries the bucket with. */
export const ProbeResponse = z
  .object({
    /** Of an object that does not exist yet; `DELETE` of the same path with `?key=` removes it. */
    key: z.string(),
    origins: z.array(ProbeAddress),
    /** The same where acceleration may be on; none of ours needs it. */
    accelerated: z.optional(z.array(ProbeAddress)),
    expiresAt: timestamp,
  })
  .register(z.globalRegistry, { id: "ProbeResponse" });
export type ProbeResponse = z.infer<typeof ProbeResponse>;

/** `DELETE /api/admin/bucket/checkup/probe`, behind the question mark. */
export const ProbeQuery = z.object({ key });

/** `GET /api/admin/bucket/keys`, behind the question mark. */
export const KeysQuery = z.object({
  /** Only keys that begin with it. */
  prefix: z.optional(z.string().check(z.maxLength(1024))),
});

/** How many keys are looked at before the rest is left alone. */
export const MAX_SURVEYED_KEYS = 200_000;

/** A line of `GET /api/admin/bucket/keys`: all that is known so far, or why there will be no more. */
export const KeySurveyLine = z
  .discriminatedUnion("type", [
    z.object({
      type: z.literal("survey"),
      keysSeen: z.int(),
      bytes: z.number(),
      /** No line comes behind it. */
      done: z.boolean(),
      /** In a last line: there are more keys behind `lastKey`, at which the survey ended. */
      isPartial: z.boolean(),
      lastKey: z.nullable(z.string()),
      /** Prefixes, parents before children and the heaviest first; what they lack of their parent is the rest. */
      tree: z.array(
        z.object({
          /** Index of the prefix that it stands in; -1: none. */
          parent: z.int(),
          /** What goes on behind the parent's. */
          label: z.string(),
          count: z.int(),
          bytes: z.number(),
        }),
      ),
      /** When the objects were written, in bars; milliseconds since 1970. */
      modified: z.object({
        widthMs: z.number(),
        bars: z.array(z.object({ startMs: z.number(), count: z.int() })),
      }),
      /** Keys drawn at random that the strategies were tried with. */
      sampledKeys: z.int(),
      /** What each strategy would make of them; shares are 0 to 1. */
      strategies: z.array(
        z.object({
          strategy: KeyStrategy,
          ranges: z.array(z.object({ prefix: z.string(), share: z.number() })),
          distinctPrefixes: z.int(),
          hottestShare: z.number(),
          hottestShareOfNewest: z.number(),
        }),
      ),
    }),
    z.object({ type: z.literal("error"), code: z.string(), detail: z.string() }),
  ])
  .register(z.globalRegistry, { id: "KeySurveyLine" });
export type KeySurveyLine = z.infer<typeof KeySurveyLine>;

/** Answer to `GET /api/admin/metrics`: what the process that answers has counted since it started. */
export const MetricsResponse = z
  .object({
    startedAt: timestamp,
    at: timestamp,
    /** As `/metrics` has them: a name, labels and a number. */
    samples: z.array(
      z.object({
        name: z.string(),
        labels: z.record(z.string(), z.string()),
        value: z.number(),
      }),
    ),
  })
  .register(z.globalRegistry, { id: "MetricsResponse" });
export type MetricsResponse = z.infer<typeof MetricsResponse>;
