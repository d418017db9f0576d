import type { FileToUpload } from "../../../shared/api.ts";
import type { OpenOptions } from "../backend/opener.ts";
import type { ChosenFile } from "../parts/part-sender.ts";

/** One file that was added. */
export interface AddedFile {
  readonly id: string;
  readonly chosen: ChosenFile;
  /** Folder path and name, `/`-separated. */
  readonly relativePath: string;
  readonly options: OpenOptions;
  /** Large enough to go in parts, as far as can be told before the server was asked. */
  readonly expectsParts: boolean;
}

/** A file as the backend is told of it. */
export function describeFile({ chosen, relativePath }: AddedFile): FileToUpload {
  const { file, snapshot } = chosen;
  return {
    name: file.name,
    sizeBytes: snapshot.sizeBytes,
    lastModified: Math.trunc(snapshot.lastModified),
    ...(file.type !== "" && { contentType: file.type }),
    ...(relativePath !== file.name && { relativePath }),
  };
}
