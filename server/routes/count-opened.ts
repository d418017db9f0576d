import type { FileToUpload, OpenedUpload } from "../../shared/api.ts";
import type { Metrics } from "../metrics/index.ts";

/** Counts what was opened of a request's files, and what was not. */
export function countOpened(
  uploads: readonly OpenedUpload[],
  files: readonly FileToUpload[],
  { opened, refused }: Pick<Metrics, "opened" | "refused">,
): void {
  for (const [index, upload] of uploads.entries()) {
    if ("problem" in upload) refused(upload.problem.code);
    else opened(upload.method, files[index]?.sizeBytes ?? null);
  }
}
