import type { UploadOptions } from "../../../../web/app/options/upload-options.ts";
import type {
  OriginView,
  PartMark,
  Receipt,
  ResumableUpload,
  UploadProblem,
  UploadView,
} from "../../../../web/transfer/index.ts";
import { scriptedResumable, scriptedView, type ScriptedLine } from "../scripted-uploader.ts";

/** One look of the page. */
export interface Scene {
  readonly views?: readonly UploadView[];
  readonly line?: Partial<ScriptedLine>;
  readonly resumable?: readonly ResumableUpload[];
  /** Codes that going on with an upload fails with, by its ID. */
  readonly refusals?: Readonly<Record<string, string>>;
  /** What an earlier visit had chosen. */
  readonly options?: Partial<UploadOptions>;
}

const GB = 1e9;
const MB = 1e6;

/** Parts held from the front, six on their way, the rest waiting. */
function parts(count: number, held: number, again = 0): PartMark[] {
  return Array.from({ length: count }, (_, index): PartMark => {
    if (index < held || (index === held + 2 && count < 200)) return 3;
    if (index < held + again) return 2;
    return index < held + 6 ? 1 : 0;
  });
}

function uploading(id: string, name: string, sizeBytes: number, share: number, count: number) {
  return scriptedView({
    id,
    name,
    sizeBytes,
    state: { kind: "uploading" },
    sentBytes: sizeBytes * share,
    bytesPerSecond: 84.2 * MB,
    secondsLeft: (sizeBytes * (1 - share)) / (84.2 * MB),
    key: name,
    parts: parts(count, Math.floor(count * share)),
    connections: 6,
  });
}

const CRC64 = { algorithm: "CRC64NVME", value: "n2m5H9mQH4Y=" } as const;

function done(
  id: string,
  relativePath: string,
  sizeBytes: number,
  sums: Pick<Receipt, "checksum" | "computed"> = { checksum: CRC64, computed: CRC64 },
): UploadView {
  return scriptedView({
    id,
    name: relativePath.slice(relativePath.lastIndexOf("/") + 1),
    relativePath,
    sizeBytes,
    sentBytes: sizeBytes,
    key: relativePath,
    state: {
      kind: "done",
      receipt: {
        key: relativePath,
        sizeBytes,
        etag: '"9b2cf535f27731c974343645a3985328-12"',
        ...sums,
      },
    },
  });
}

function failed(id: string, name: string, problem: UploadProblem): UploadView {
  const state = { kind: "failed", problem } as const;
  return scriptedView({ id, name, sizeBytes: 640 * MB, sentBytes: 120 * MB, state });
}

const CORS_PROBLEM: UploadProblem = {
  code: "cors-blocked",
  detail: "PUT of part 1 ended without an answer; the preflight from this origin is refused",
  requestId: "01K9ZQ3W7D",
};

function paused(id: string, name: string): UploadView {
  return {
    ...uploading(id, name, 1.2 * GB, 0.34, 144),
    state: { kind: "paused" },
    bytesPerSecond: 0,
    secondsLeft: null,
  };
}

function waiting(id: string, reason: "offline" | "backoff" | "throttled", name: string) {
  const retryAt = reason === "offline" ? null : Date.now() + 8000;
  return { ...paused(id, name), state: { kind: "waiting", reason, retryAt } } as const;
}

function mixed(): UploadView[] {
  return [
    uploading("a", "holiday-4k-master.mov", 18.4 * GB, 0.42, 1000),
    { ...uploading("b", "dataset.parquet", 310 * MB, 0.55, 37), parts: parts(37, 20, 2) },
    paused("c", "backup-2026-11-22.tar.zst"),
    failed("d", "Aufnahme – 日本語 (final) #2.wav", {
      code: "key-exists",
      detail: "An object with this key exists already",
      requestId: "01K9ZQ3W7D",
    }),
    done("e", "Reports/2026/Quarterly/a-rather-long-folder-name/plan.pdf", 2_147_483),
    scriptedView({ id: "f", name: "notes.txt", sizeBytes: 812 }),
  ];
}

function many(count: number): UploadView[] {
  return Array.from({ length: count }, (_, index) => {
    const path = `photos/2026/${String(index % 31).padStart(2, "0")}/IMG_${4000 + index}.jpg`;
    if (index < count * 0.3) return done(`m${index}`, path, 3.1 * MB + index * 977);
    const name = path.slice(path.lastIndexOf("/") + 1);
    const size = 3.1 * MB + index * 977;
    if (index < count * 0.3 + 6) {
      return { ...uploading(`m${index}`, name, size, 0.4, 0), relativePath: path };
    }
    if (index % 997 === 0) {
      return { ...failed(`m${index}`, name, { ...CORS_PROBLEM, code: "file-unreadable" }) };
    }
    return scriptedView({ id: `m${index}`, name, relativePath: path, sizeBytes: size });
  });
}

/** What the README shows. */
function picture(): UploadView[] {
  const film = uploading("b", "holiday-4k-master.mov", 18.4 * GB, 0.41, 0);
  const data = uploading("c", "dataset-2026-11.parquet", 419 * MB, 0.58, 0);
  return [
    done("a", "Reports/2026/quarterly report.pdf", 2_147_483),
    { ...film, parts: parts(820, 808), resumedBytes: film.sizeBytes * 0.12 },
    { ...data, bytesPerSecond: 31.5 * MB, secondsLeft: 6, parts: parts(34, 28) },
    { ...paused("d", "backup-2026-11-22.tar.zst"), parts: parts(12, 11).slice(0, 11) },
  ];
}

/** Parts of sizes of their own, cut as they go: their number grows. */
function growing(): UploadView[] {
  return [
    { ...uploading("a", "holiday-4k-master.mov", 18.4 * GB, 0.08, 0), parts: parts(19, 13) },
    { ...uploading("b", "dataset.parquet", 3.1 * GB, 0.62, 0), parts: parts(46, 41, 2) },
    {
      ...uploading("c", "backup-2026-11-22.tar.zst", 12 * GB, 0.71, 0),
      parts: parts(90, 84),
      resumedBytes: 12 * GB * 0.63,
      retryCount: 3,
    },
    {
      ...uploading("d", "logs-2026-11.ndjson", 0, 0, 0),
      sizeBytes: 1.2 * GB,
      sentBytes: 1.2 * GB,
      isSizeKnown: false,
      secondsLeft: null,
      parts: parts(30, 25),
    },
    {
      ...uploading("e", "interview-raw.wav", 2.2 * GB, 0.12, 0),
      parts: parts(14, 9),
      startedAgain: true,
    },
  ];
}

function origin(host: string, changed: Partial<OriginView> = {}): OriginView {
  return {
    origin: `https://${host}`,
    kind: "direct",
    state: "used",
    bytesPerSecond: 4.9 * MB,
    connections: 6,
    ...changed,
  };
}

const IDLE = { connections: 0, bytesPerSecond: null } as const;

const LINE: Partial<ScriptedLine> = {
  connections: 12,
  connectionLimit: 14,
  retryCount: 3,
  hedgeCount: 2,
  origins: [
    origin("media-originals.s3.eu-central-1.amazonaws.com"),
    origin("s3.eu-central-1.amazonaws.com", { bytesPerSecond: 4.7 * MB }),
    origin("media-originals.s3.dualstack.eu-central-1.amazonaws.com", {
      ...IDLE,
      state: "slow",
      bytesPerSecond: 1.1 * MB,
    }),
    origin("s3.dualstack.eu-central-1.amazonaws.com", { ...IDLE, state: "failing" }),
    origin("media-originals.s3-accelerate.amazonaws.com", {
      ...IDLE,
      kind: "accelerated",
      state: "unneeded",
    }),
  ],
};

const ACCELERATED: Partial<ScriptedLine> = {
  ...LINE,
  connections: 6,
  origins: [
    origin("media-originals.s3-accelerate.amazonaws.com", { kind: "accelerated" }),
    origin("media-originals.s3.eu-central-1.amazonaws.com", { ...IDLE, state: "slow" }),
  ],
  route: { kind: "accelerated", speedup: 1.83, usdPerGb: 0.08, acceleratedBytes: 7.8 * GB },
};

function leftovers(): ResumableUpload[] {
  const hour = 3_600_000;
  return [
    scriptedResumable({
      id: "r1",
      name: "holiday-4k-master.mov",
      sizeBytes: 18.4 * GB,
      heldBytes: 11.6 * GB,
      updatedAt: Date.now() - 2 * hour,
    }),
    scriptedResumable({
      id: "r2",
      name: "interview-raw.wav",
      relativePath: "Interviews/2026/November/a-rather-long-folder-name/interview-raw.wav",
      sizeBytes: 2.2 * GB,
      heldBytes: 0.3 * GB,
      updatedAt: Date.now() - 26 * hour,
    }),
    scriptedResumable({
      id: "r3",
      name: "dataset.parquet",
      sizeBytes: 3.1 * GB,
      heldBytes: 2.9 * GB,
      updatedAt: Date.now() - 50 * hour,
      how: "choose",
    }),
    scriptedResumable({
      id: "r4",
      name: "backup-2026-11-22.tar.zst",
      sizeBytes: 12 * GB,
      heldBytes: 5 * GB,
      updatedAt: Date.now() - 5000,
      how: "elsewhere",
    }),
  ];
}

const TYPED: Partial<UploadOptions> = {
  storageClass: "DEEP_ARCHIVE",
  cacheControl: "max-age=600, stale–while-revalidate=60",
  metadata: [
    { name: "camera", value: "Leica M6" },
    { name: "größe", value: "24 × 36" },
  ],
  tags: [
    { name: "team", value: "photo" },
    { name: "aws:cost", value: "4711" },
  ],
  gzip: true,
};

/** What the story page can show, by the name in its address. */
export const SCENES: Readonly<Record<string, () => Scene>> = {
  empty: () => ({}),
  one: () => ({ views: [uploading("a", "holiday-4k-master.mov", 18.4 * GB, 0.42, 1000)] }),
  mixed: () => ({ views: mixed() }),
  cors: () => ({ views: [failed("a", "holiday-4k-master.mov", CORS_PROBLEM)] }),
  many: () => ({ views: many(5000) }),
  done: () => ({
    views: [
      { ...done("a", "holiday-4k-master.mov", 18.4 * GB), retryCount: 3 },
      done("b", "Reports/plan.pdf", 2_147_483, { checksum: CRC64 }),
      done("c", "notes.txt", 812, { computed: CRC64 }),
    ],
    line: {
      ...LINE,
      connections: 0,
      origins: LINE.origins?.map((view) => ({ ...view, connections: 0 })) ?? [],
    },
  }),
  offline: () => ({
    views: [
      waiting("a", "offline", "holiday-4k-master.mov"),
      waiting("b", "offline", "dataset.parquet"),
    ],
  }),
  backoff: () => ({
    views: [
      waiting("a", "backoff", "holiday-4k-master.mov"),
      waiting("b", "throttled", "dataset.parquet"),
    ],
  }),
  picture: () => ({ views: picture(), line: { ...LINE, connections: 12 } }),
  growing: () => ({ views: growing(), line: LINE }),
  line: () => ({ views: mixed(), line: LINE }),
  accelerated: () => ({ views: mixed(), line: ACCELERATED }),
  measuring: () => ({
    views: mixed(),
    line: {
      ...ACCELERATED,
      route: { kind: "measuring", speedup: null, usdPerGb: 0.08, acceleratedBytes: 0 },
    },
  }),
  direct: () => ({
    views: mixed(),
    line: {
      ...LINE,
      route: { kind: "direct", speedup: 1.05, usdPerGb: 0.08, acceleratedBytes: 0 },
    },
  }),
  slept: () => ({ views: mixed(), line: { ...LINE, sleptMs: 720_000 } }),
  resume: () => ({
    resumable: leftovers(),
    refusals: { r2: "file-denied", r3: "file-changed" },
  }),
  "resume-beside": () => ({ views: mixed(), resumable: leftovers().slice(0, 1) }),
  "resume-many": () => ({
    resumable: Array.from({ length: 40 }, (_, index) =>
      scriptedResumable({ id: `r${index}`, name: `clip-${index}.mov`, sizeBytes: 2 * GB }),
    ),
  }),
  mismatch: () => ({
    views: [
      failed("a", "holiday-4k-master.mov", {
        code: "checksum-mismatch",
        detail: "Part 17 arrived with checksum n2m5H9mQH4Y=, but was read as AAAAAAAAAAA=",
      }),
    ],
  }),
  options: () => ({ options: TYPED }),
};
