import { ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import type { Examination } from "../examination.ts";
import { pass, unsupported, type Finding } from "../finding.ts";
import { withUpload } from "../ground.ts";

const TRIED = "Multipart upload opened, found by the beginning of its key, then by all of it.";

/** Whether incomplete uploads are found without knowing their keys; MinIO wants the exact one. */
export async function checkUploadListing(examination: Examination): Promise<Finding> {
  const { client, bucket: Bucket, signal, ground } = examination;
  return withUpload(examination, ground.keyFor("listing"), async ({ Key, UploadId }) => {
    const isFoundBy = async (Prefix: string) => {
      const command = new ListMultipartUploadsCommand({ Bucket, Prefix });
      const { Uploads = [] } = await client.send(command, { abortSignal: signal });
      return Uploads.some((upload) => upload.UploadId === UploadId);
    };
    if (await isFoundBy(Key.slice(0, -1))) return pass(TRIED, "They are found by any prefix.");
    if (await isFoundBy(Key)) {
      return unsupported(
        TRIED,
        "They are found by their exact key alone: only uploads of Sluice's own are listed.",
      );
    }
    return unsupported(TRIED, "They are not listed: only uploads of Sluice's own are.");
  });
}
