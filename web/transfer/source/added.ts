import type { FileToUpload } from "../../../shared/api.ts";
import type { OpenOptions } from "../backend/opener.ts";
import type { UploadRecord } from "../resume/index.ts";
import type { AddOptions, ByteStream, FileInFolder, StreamOptions } from "../uploader.ts";
import type { ByteSource } from "./byte-source.ts";
import { createFileSource } from "./file-source.ts";
import { gzipStream, isText } from "./gzip.ts";
import { createStreamSource } from "./stream-source.ts";

/** One file or stream that was added. */
export interface Added {
  readonly id: string;
  readonly name: string;
  /** Folder path and name, `/`-separated. */
  readonly relativePath: string;
  readonly contentType: string;
  /** Milliseconds since 1970; null for a stream. */
  readonly lastModified: number | null;
  readonly source: ByteSource;
  readonly options: OpenOptions;
  readonly isChecksummed: boolean;
  /** Large enough to go in parts, as far as can be told before the server was asked. */
  readonly expectsParts: boolean;
  /** With it, the browser gives the file again after a reload. */
  readonly handle: FileSystemFileHandle | null;
  /** What an earlier visit left of this very file; null where there is nothing to go on with. */
  readonly earlier: ((signal: AbortSignal) => Promise<UploadRecord | null>) | null;
}

/** A file or stream as the backend is told of it. */
export function describeFile(added: Added): FileToUpload {
  const { name, relativePath, contentType, lastModified, source } = added;
  return {
    name,
    sizeBytes: source.isSizeKnown ? source.sizeBytes : null,
    ...(lastModified !== null && { lastModified: Math.trunc(lastModified) }),
    ...(contentType !== "" && { contentType }),
    ...(relativePath !== name && { relativePath }),
  };
}

/** What of the options is about the way up, and not about the object. */
export interface Handling {
  readonly gzip: boolean;
  readonly isChecksummed: boolean;
}

/** Options as they are used. */
export interface SplitOptions {
  /** Sent along to the backend. */
  readonly open: OpenOptions;
  /** The same for what is packed on the way. */
  readonly packed: OpenOptions;
  readonly handling: Handling;
}

/** Takes the options of one `add` apart. */
export function splitOptions({ gzip = false, checksum = true, ...open }: AddOptions): SplitOptions {
  const handling = { gzip, isChecksummed: checksum };
  return { open, packed: { ...open, contentEncoding: "gzip" }, handling };
}

/** What a file is added with. */
export interface FileHandling {
  /** Files from this size on go in parts, in bytes. */
  readonly thresholdBytes: number;
  /** What an earlier visit left of a file. */
  readonly claim: (file: File, relativePath: string) => Added["earlier"];
}

/** A chosen file; texts become a stream where they are to be packed. */
export function addedFile(
  id: string,
  { file, relativePath, handle = null }: FileInFolder,
  { open, packed, handling }: SplitOptions,
  { thresholdBytes, claim }: FileHandling,
): Added {
  const { name, type: contentType, lastModified } = file;
  const { isChecksummed } = handling;
  const common = { id, name, relativePath, contentType, lastModified, isChecksummed };
  if (handling.gzip && isText(file) && typeof CompressionStream === "function") {
    const source = createStreamSource(() => gzipStream(file));
    return { ...common, source, options: packed, expectsParts: true, handle: null, earlier: null };
  }
  const sizeBytes = file.size;
  const source = createFileSource(file, { sizeBytes, lastModified });
  const expectsParts = sizeBytes >= thresholdBytes;
  const earlier = expectsParts ? claim(file, relativePath) : null;
  return { ...common, source, options: open, expectsParts, handle, earlier };
}

/** A stream of unknown length. */
export function addedStream(id: string, stream: ByteStream, given: StreamOptions): Added {
  const { name, contentType = "", relativePath = name, ...options } = given;
  const { open, handling } = splitOptions(options);
  return {
    id,
    name,
    relativePath,
    contentType,
    lastModified: null,
    source: createStreamSource(stream),
    options: open,
    isChecksummed: handling.isChecksummed,
    expectsParts: true,
    handle: null,
    earlier: null,
  };
}
