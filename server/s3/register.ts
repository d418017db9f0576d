import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import * as z from "zod/mini";
import type { UploadAddress } from "./gateway.ts";
import { lookUp, type LookedUp, type RegisterEntry } from "./register-lookup.ts";
import {
  parseRegisterName,
  REGISTER_PREFIX,
  registerName,
  registerPath,
  type RegisterState,
} from "./register-name.ts";
import { s3CodeOf, toProblem } from "./s3-error.ts";

const RegisterNote = z.object({
  key: z.string(),
  uploadId: z.string(),
  /** What its upload ID states, which a link to go on with it is made of. */
  statement: z.unknown(),
  fileName: z.optional(z.string()),
  /** Of the file, in milliseconds since 1970. */
  lastModified: z.optional(z.number()),
});

/** What the body of an entry holds. */
export type RegisterNote = z.infer<typeof RegisterNote>;

/** What is written of an upload. */
export interface Heard {
  readonly note: RegisterNote;
  readonly fileSizeBytes: number | null;
  readonly state: RegisterState;
  /** The entry of the other state may be there, and goes. */
  readonly isChange: boolean;
}

/** The register of our uploads, kept in the bucket itself; every function throws ProblemError. */
export interface UploadRegister {
  /** The storage's time of it is when the upload was last heard of. */
  write(heard: Heard): Promise<void>;
  /** Removes what is there of an upload; also where nothing is. */
  remove(upload: UploadAddress, fileSizeBytes: number | null): Promise<void>;
  /** What the register has of these uploads; those of neighbouring keys cost one request together. */
  lookUp(uploads: readonly UploadAddress[]): Promise<LookedUp>;
  /** The body of an entry; `null` where it is gone, or none of ours. */
  read(entry: RegisterEntry): Promise<RegisterNote | null>;
}

/** An object of the register, as listed. */
export interface RegisterObject {
  readonly name: string;
  readonly heardAt: Date;
}

/** Names in order, some at a time. */
export interface RegisterPage {
  readonly objects: readonly RegisterObject[];
  readonly isLast: boolean;
}

/** How long the storage may take, the SDK's retries included: opening an upload waits for its entry. */
const CALL_MS = 5000;

const LIST_MS = 20_000;

/** An upload ID states less; in bytes. */
const MAX_NOTE_BYTES = 64 * 1024;

/** The register of one bucket, over the AWS SDK. */
export function createRegister(client: S3Client, bucket: string): UploadRegister {
  return {
    write: (heard) => write(client, bucket, heard),
    async remove(upload, fileSizeBytes) {
      const states = ["open", "paused"] as const;
      const names = states.map((state) => registerName(upload, fileSizeBytes, state));
      await removeEntries(client, bucket, names);
    },
    lookUp: (uploads) =>
      lookUp(uploads, (prefix, after) => listRegister(client, bucket, prefix, after)),
    read: (entry) => read(client, bucket, entry),
  };
}

/**
 * A page of the register's objects.
 * @param prefix of their names
 * @param after where a page before this one ended
 * @throws ProblemError
 */
export async function listRegister(
  client: S3Client,
  Bucket: string,
  prefix: string = REGISTER_PREFIX,
  after = "",
): Promise<RegisterPage> {
  const start = after === "" ? {} : { StartAfter: after };
  const command = new ListObjectsV2Command({ Bucket, Prefix: prefix, ...start });
  try {
    const page = await client.send(command, within(LIST_MS));
    return {
      objects: (page.Contents ?? []).map(({ Key = "", LastModified = new Date(0) }) => ({
        name: Key,
        heardAt: LastModified,
      })),
      isLast: page.IsTruncated !== true,
    };
  } catch (error) {
    throw toProblem(error, "Read the register of uploads");
  }
}

/** Removes objects of the register by their names. @throws ProblemError */
export async function removeEntries(
  client: S3Client,
  Bucket: string,
  names: readonly string[],
): Promise<void> {
  try {
    // One by one: DeleteObjects wants an MD5 sum of some servers, which the SDK no longer sends.
    await Promise.all(
      names.map((Key) => client.send(new DeleteObjectCommand({ Bucket, Key }), within(CALL_MS))),
    );
  } catch (error) {
    throw toProblem(error, "Remove an upload from the register");
  }
}

/** Whose entry it is; `null` where its name does not tell, and its body is gone or tells of another. @throws ProblemError */
export async function addressOf(
  client: S3Client,
  bucket: string,
  entry: RegisterEntry,
): Promise<UploadAddress | null> {
  const named = parseRegisterName(entry.names[0]);
  if (named === null) return null;
  const { key, uploadId, path } = named;
  if (key !== null && uploadId !== null) return { key, uploadId };
  const note = await read(client, bucket, entry);
  return note !== null && registerPath(note) === path ? note : null;
}

async function write(
  client: S3Client,
  Bucket: string,
  { note, fileSizeBytes, state, isChange }: Heard,
): Promise<void> {
  const Key = registerName(note, fileSizeBytes, state);
  const Body = JSON.stringify(note);
  try {
    const command = new PutObjectCommand({ Bucket, Key, Body, ContentType: "application/json" });
    await client.send(command, within(CALL_MS));
  } catch (error) {
    throw toProblem(error, "Note an upload in the register");
  }
  if (!isChange) return;
  const other = state === "open" ? "paused" : "open";
  await removeEntries(client, Bucket, [registerName(note, fileSizeBytes, other)]);
}

async function read(
  client: S3Client,
  Bucket: string,
  { names }: RegisterEntry,
): Promise<RegisterNote | null> {
  try {
    const command = new GetObjectCommand({ Bucket, Key: names[0] });
    const { Body, ContentLength = Infinity } = await client.send(command, within(CALL_MS));
    const bytes = ContentLength > MAX_NOTE_BYTES ? null : await Body?.transformToString();
    if (bytes) return noteIn(bytes);
    if (Body && "destroy" in Body) Body.destroy();
    return null;
  } catch (error) {
    if (s3CodeOf(error) === "NoSuchKey") return null;
    throw toProblem(error, "Read of an upload in the register");
  }
}

/** Whoever may write to the bucket may have written anything there. */
function noteIn(text: string): RegisterNote | null {
  try {
    const decoded = z.safeParse(RegisterNote, JSON.parse(text));
    return decoded.success ? decoded.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function within(timeoutMs: number) {
  return { abortSignal: AbortSignal.timeout(timeoutMs) };
}
