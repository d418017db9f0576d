import type { Storage } from "../s3/index.ts";

/** Whether the storage refuses what is not to overwrite; `null` where it cannot be found out now. */
export async function keepsConditions({
  capabilities,
}: Pick<Storage, "capabilities">): Promise<boolean | null> {
  const found = await capabilities().catch(() => null);
  return found?.conditionalWrites ?? null;
}
