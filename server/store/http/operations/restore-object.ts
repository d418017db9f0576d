import { emptyAnswer, type S3Answer } from "../answer.ts";
import { parseRestoreRequest } from "../xml/restore-request.ts";
import type { ObjectRequest, OperationContext } from "./context.ts";

const MAX_RESTORE_BYTES = 64 * 1024;

/** RestoreObject: 202 where it begins, 200 where the copy is there and stays longer. */
export async function restoreObject(
  { bucket, key, body }: ObjectRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  const options = parseRestoreRequest(await body.text(MAX_RESTORE_BYTES));
  const outcome = await engine.objects.restore(bucket, key, options);
  return outcome === "started" ? { status: 202 } : emptyAnswer(200);
}
