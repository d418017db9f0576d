import type { ByteSource } from "./byte-source.ts";
import { checkFile, type FileSnapshot } from "./file-check.ts";

/** The bytes of a chosen file, read by the browser only when a part leaves. */
export function createFileSource(file: File, snapshot: FileSnapshot): ByteSource {
  const { sizeBytes } = snapshot;
  return {
    sizeBytes,
    isSizeKnown: true,
    isSeekable: true,
    fill: async () => undefined,
    // A whole file is handed to the network by its path; a slice would be copied on the way. Its type
    // would be sent as a header that was not signed.
    slice: ({ start, end }) =>
      start === 0 && end === sizeBytes && file.type === "" ? file : file.slice(start, end),
    release: () => undefined,
    check: (offset) => checkFile(file, snapshot, offset),
    rewind: () => true,
  };
}
