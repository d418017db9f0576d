import * as z from "zod/mini";
import type { RegisterEntry, RegisterNote, Storage, UploadAddress } from "../../s3/index.ts";
import { IssuedStatement, isMultipart } from "../upload-id.ts";

/** An upload that the register knows, and what its uploader said of it. */
export interface RegisteredUpload {
  readonly entry: RegisterEntry;
  readonly statement: IssuedStatement;
  readonly fileName: string | undefined;
  /** Of the file, in milliseconds since 1970. */
  readonly lastModified: number | undefined;
}

/**
 * Reads what the register says of an upload; `null` where it says nothing, or what nobody of ours wrote.
 * @throws ProblemError
 */
export async function readRegistered(
  upload: UploadAddress,
  entry: RegisterEntry | undefined,
  storage: Pick<Storage, "bucket" | "register">,
): Promise<RegisteredUpload | null> {
  const note = entry === undefined ? null : await storage.register.read(entry);
  const statement = note === null ? null : statementIn(note, upload, storage.bucket);
  if (entry === undefined || note === null || statement === null) return null;
  const { fileName, lastModified } = note;
  return { entry, statement, fileName, lastModified };
}

/** Whoever may write to the bucket could have us sign a statement about something else. */
function statementIn(
  note: RegisterNote,
  { key, uploadId }: UploadAddress,
  bucket: string,
): IssuedStatement | null {
  const { data } = z.safeParse(IssuedStatement, note.statement);
  if (data === undefined || !isMultipart(data) || data.bucket !== bucket) return null;
  return data.key === key && data.how.uploadId === uploadId ? data : null;
}
