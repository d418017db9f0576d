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

/** What is sent along to the backend, the same object for all files of one `add`; and the rest. */
export function splitOptions({
  gzip = false,
  checksum = true,
  ...open
}: AddOptions): readonly [OpenOptions, Handling] {
  return [open, { gzip, isChecksummed: checksum }];
}

/** What a file is added with. */
export interface FileHandling extends Handling {
  /** Files from this size on go in parts, in bytes. */
  readonly thresholdBytes: number;
  /** What an earlier visit left of a file. */
  readonly claim: (file: File, relativePath: string) => Added["earlier"];
}

/** A chosen file; texts become a stream where they are to be packed. */
export function addedFile(
  id: string,
  { file, relativePath, handle = null }: FileInFolder,
  options: OpenOptions,
  { gzip, isChecksummed, thresholdBytes, claim }: FileHandling,
): Added {
  const { name, type: contentType, lastModified } = file;
  const common = { id, name, relativePath, contentType, lastModified, isChecksummed };
  if (gzip && isText(file) && typeof CompressionStream === "function") {
    const packed: OpenOptions = { ...options, contentEncoding: "gzip" };
    const source = createStreamSource(() => gzipStream(file));
    return { ...common, source, options: packed, expectsParts: true, handle: null, earlier: null };
  }
  const sizeBytes = file.size;
  const source = createFileSource(file, { sizeBytes, lastModified });
  const expectsParts = sizeBytes >= thresholdBytes;
  const earlier = expectsParts ? claim(file, relativePath) : null;
  return { ...common, source, options, expectsParts, handle, earlier };
}

/** A stream of unknown length. */
export function addedStream(id: string, stream: ByteStream, given: StreamOptions): Added {
  const { name, contentType = "", relativePath = name, ...options } = given;
  const [open, { isChecksummed }] = splitOptions(options);
  return {
    id,
    name,
    relativePath,
    contentType,
    lastModified: null,
    source: createStreamSource(stream),
    options: open,
    isChecksummed,
    expectsParts: true,
    handle: null,
    earlier: null,
  };
}
