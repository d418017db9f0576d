import { constants } from "node:os";

const { ENOSPC, EDQUOT } = constants.errno;

/** Whether the system refused a write for want of space or quota; LMDB gives the number, Node the name. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error && "code" in error)) return false;
  const { code } = error;
  return code === "ENOSPC" || code === "EDQUOT" || code === ENOSPC || code === EDQUOT;
}
