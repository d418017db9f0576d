import type { OpenedUpload } from "../../shared/api.ts";
import type { UploadPorts } from "./upload-batch.ts";
import { isMultipart } from "./upload-id.ts";
import type { Report } from "./upload-notes.ts";

/**
 * Gives back what was opened for somebody who is gone before hearing of it: nobody will ever name
 * these uploads again, and their storage would be billed until a lifecycle rule finds them.
 * @param owner of the uploads, as their IDs state it
 */
export async function abandonUploads(
  uploads: readonly OpenedUpload[],
  owner: string,
  { ids, storage, notes, places }: Pick<UploadPorts, "ids" | "storage" | "notes" | "places">,
  report: Report,
): Promise<void> {
  for (const upload of uploads) {
    if ("problem" in upload || upload.method !== "multipart") continue;
    const statement = ids.open(upload.id, owner);
    if (!isMultipart(statement)) continue;
    const { key, how } = statement;
    await storage.gateway.abortUpload({ key, uploadId: how.uploadId });
    await places.free(how.uploadId);
    await notes.ended(statement, report);
  }
}
