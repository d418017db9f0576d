import type { UploadAddress, UploadRegister } from "../s3/index.ts";
import { isMultipart, type IssuedStatement } from "./upload-id.ts";

/** What whoever sends an upload says of it. */
export type UploadState = "uploading" | "paused";

/** Tells of a fault that nobody is answered. */
export type Report = (error: unknown) => void;

/**
 * What the register is told of uploads in parts, of each in the order in which it is said. What fails there fails
 * no upload: it is reported once, until something succeeds again.
 */
export interface UploadNotes {
  opened(statement: IssuedStatement, report: Report): Promise<void>;
  /** Nothing is written again for the same state within ten seconds. */
  heard(statement: IssuedStatement, state: UploadState, report: Report): Promise<void>;
  /** It was completed or aborted; a heartbeat that comes late does not bring it back. */
  ended(statement: IssuedStatement, report: Report): Promise<void>;
  /** An admin aborted it. @param fileSizeBytes as its entry has it; left out where there is none */
  aborted(
    upload: UploadAddress,
    fileSizeBytes: number | null | undefined,
    report: Report,
  ): Promise<void>;
}

/** The same upload is noted again after this, in milliseconds. */
const PACE_MS = 10_000;

/** Uploads whose last note is remembered; of one that is forgotten too much is written, never too little. */
const MAX_REMEMBERED = 10_000;

/** The notes of this process. */
export function createUploadNotes(
  register: Pick<UploadRegister, "write" | "remove">,
  now: () => Date,
): UploadNotes {
  const last = new Map<string, { readonly state: UploadState | "ended"; readonly atMs: number }>();
  const attempt = createQuietAttempt();
  const inTurn = createTurns();
  const remember = (uploadId: string, state: UploadState | "ended") => {
    last.delete(uploadId);
    last.set(uploadId, { state, atMs: now().getTime() });
    const [oldest] = last.keys();
    if (last.size > MAX_REMEMBERED && oldest !== undefined) last.delete(oldest);
  };
  const write = async (
    statement: IssuedStatement,
    state: UploadState,
    isChange: boolean,
    report: Report,
  ) => {
    if (!isMultipart(statement)) return;
    const { key, how } = statement;
    const { uploadId, sizeBytes: fileSizeBytes, file } = how;
    const note = { key, uploadId, statement, ...noteOf(file) };
    const heard = { note, fileSizeBytes, state: registerState(state), isChange };
    remember(uploadId, state);
    await inTurn(uploadId, () => attempt(report, () => register.write(heard)));
  };
  const aborted: UploadNotes["aborted"] = async (upload, fileSizeBytes, report) => {
    const { uploadId } = upload;
    remember(uploadId, "ended");
    if (fileSizeBytes === undefined) return;
    await inTurn(uploadId, () => attempt(report, () => register.remove(upload, fileSizeBytes)));
  };
  return {
    opened: (statement, report) => write(statement, "uploading", false, report),
    async heard(statement, state, report) {
      if (!isMultipart(statement)) return;
      const before = last.get(statement.how.uploadId);
      if (before?.state === "ended") return;
      const isChange = before?.state !== state;
      if (!isChange && now().getTime() - before.atMs < PACE_MS) return;
      await write(statement, state, isChange, report);
    },
    async ended(statement, report) {
      if (!isMultipart(statement)) return;
      const { key, how } = statement;
      await aborted({ key, uploadId: how.uploadId }, how.sizeBytes, report);
    },
    aborted,
  };
}

/** Runs what is about the same upload one after the other: of two requests under way the later must not be first. */
function createTurns() {
  const lastOf = new Map<string, Promise<void>>();
  return async (uploadId: string, run: () => Promise<void>): Promise<void> => {
    const turn = (lastOf.get(uploadId) ?? Promise.resolve()).then(run);
    lastOf.set(uploadId, turn);
    await turn;
    if (lastOf.get(uploadId) === turn) lastOf.delete(uploadId);
  };
}

function createQuietAttempt() {
  let isFailing = false;
  return async (report: Report, operation: () => Promise<void>): Promise<void> => {
    try {
      await operation();
      isFailing = false;
    } catch (error) {
      if (!isFailing) report(error);
      isFailing = true;
    }
  };
}

function noteOf(file: { name: string; lastModified?: number | undefined } | undefined) {
  if (file === undefined) return {};
  const { name: fileName, lastModified } = file;
  return { fileName, ...(lastModified === undefined ? {} : { lastModified }) };
}

function registerState(state: UploadState): "open" | "paused" {
  return state === "uploading" ? "open" : "paused";
}
