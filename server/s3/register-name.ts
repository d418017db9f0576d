/**
 * Names of the objects that keep the register of our uploads. They sort as the keys of the uploads do, so
 * that a listing of uploads and one of the register are joined like two sorted lists:
 *
 *     .sluice/uploads/<key in hex>/-<upload ID in base64url>/<size of the file in base 36, or a dash>.<state>
 *
 * Hex and ID are cut by slashes, because stores that keep objects in files allow a segment 255 bytes.
 */
import { createHash } from "node:crypto";
import type { UploadAddress } from "./gateway.ts";

/** Everything below is the register's. */
export const REGISTER_PREFIX = ".sluice/uploads/";

/** What an entry says of its upload: bytes are being sent, or somebody put it aside. */
export type RegisterState = "open" | "paused";

/** What a name tells. */
export interface RegisterName {
  /** As `registerPath` makes it. */
  readonly path: string;
  /** `null` of a long key, which the entry's body holds. */
  readonly key: string | null;
  /** `null` of a long ID, which the entry's body holds. */
  readonly uploadId: string | null;
  /** `null` where it is not known before the end. */
  readonly fileSizeBytes: number | null;
  readonly state: RegisterState;
}

/** Bytes of a key that go into the name: an ID of usual length has to fit into 1,024 bytes beside it. */
const MAX_KEY_BYTES = 300;

/** Longest ID in base64url that does. */
const MAX_ID_LENGTH = 344;

const SEGMENT_LENGTH = 200;

/** No digit of base 36. */
const UNKNOWN_SIZE = "-";

const SIZE_AND_STATE = /^(-|0|[1-9a-z][0-9a-z]{0,10})\.(open|paused)$/;

/** Where the entries of an upload are, up to the slash before the last segment; no object has this name. */
export function registerPath({ key, uploadId }: UploadAddress): string {
  const bytes = Buffer.from(key);
  const hash = bytes.length > MAX_KEY_BYTES ? `~${digest(key)}` : "";
  const id = Buffer.from(uploadId).toString("base64url");
  const token = id.length > MAX_ID_LENGTH ? `~${digest(uploadId)}` : id;
  return `${keyPath(bytes)}${hash}/-${cut(token)}/`;
}

/** The name of an upload's entry, at most 1,024 bytes. */
export function registerName(
  upload: UploadAddress,
  fileSizeBytes: number | null,
  state: RegisterState,
): string {
  return `${registerPath(upload)}${fileSizeBytes?.toString(36) ?? UNKNOWN_SIZE}.${state}`;
}

/** What the names of all uploads start with whose keys start with `keyPrefix`; those of longer keys sort behind it. */
export function registerPrefix(keyPrefix: string): string {
  return keyPath(Buffer.from(keyPrefix));
}

/** Reads a name; `null` for one that this register never gave. */
export function parseRegisterName(name: string): RegisterName | null {
  if (!name.startsWith(REGISTER_PREFIX)) return null;
  const segments = name.slice(REGISTER_PREFIX.length).split("/");
  const [, size, state] = SIZE_AND_STATE.exec(segments.pop() ?? "") ?? [];
  const idAt = segments.findIndex((segment) => segment.startsWith("-"));
  if (idAt < 1 || (state !== "open" && state !== "paused")) return null;
  const token = segments.slice(idAt).join("").slice(1);
  return {
    path: name.slice(0, name.lastIndexOf("/") + 1),
    key: decode(segments.slice(0, idAt).join(""), "hex"),
    uploadId: decode(token, "base64url"),
    fileSizeBytes: size === undefined || size === UNKNOWN_SIZE ? null : parseInt(size, 36),
    state,
  };
}

function keyPath(key: Buffer): string {
  return REGISTER_PREFIX + cut(key.subarray(0, MAX_KEY_BYTES).toString("hex"));
}

function cut(text: string): string {
  let segments = text.slice(0, SEGMENT_LENGTH);
  for (let at = SEGMENT_LENGTH; at < text.length; at += SEGMENT_LENGTH) {
    segments += `/${text.slice(at, at + SEGMENT_LENGTH)}`;
  }
  return segments;
}

/** A hash stands for what was too long. */
function decode(text: string, encoding: "hex" | "base64url"): string | null {
  return text.includes("~") ? null : Buffer.from(text, encoding).toString();
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
