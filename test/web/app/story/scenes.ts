import type { PartMark, UploadProblem, UploadView } from "../../../../web/transfer/index.ts";
import { scriptedView } from "../scripted-uploader.ts";

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
  });
}

function done(id: string, relativePath: string, sizeBytes: number): UploadView {
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
        checksum: { algorithm: "CRC64NVME", value: "n2m5H9mQH4Y=" },
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

/** What the story page can show, by the name in its address. */
export const SCENES: Readonly<Record<string, () => UploadView[]>> = {
  empty: () => [],
  one: () => [uploading("a", "holiday-4k-master.mov", 18.4 * GB, 0.42, 1000)],
  mixed,
  cors: () => [failed("a", "holiday-4k-master.mov", CORS_PROBLEM)],
  many: () => many(5000),
  done: () => [
    done("a", "holiday-4k-master.mov", 18.4 * GB),
    done("b", "Reports/plan.pdf", 2_147_483),
  ],
  offline: () => [
    waiting("a", "offline", "holiday-4k-master.mov"),
    waiting("b", "offline", "dataset.parquet"),
  ],
  backoff: () => [
    waiting("a", "backoff", "holiday-4k-master.mov"),
    waiting("b", "throttled", "dataset.parquet"),
  ],
};
