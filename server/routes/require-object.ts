import { ProblemError } from "../../shared/problem.ts";
import type { StoredObject, UploadGateway } from "../s3/index.ts";

/** Looks an object up. @throws ProblemError `not-found` where there is none, and what the storage says */
export async function requireObject(
  gateway: Pick<UploadGateway, "headObject">,
  key: string,
): Promise<StoredObject> {
  const object = await gateway.headObject(key);
  if (object === null) throw new ProblemError("not-found", `There is no object "${key}".`);
  return object;
}
