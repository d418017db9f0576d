import type { Standstill } from "./parts/waiting.ts";
import { toUploadProblem } from "./problem.ts";
import { waitReason, type SharedWork } from "./shared-work.ts";

/** A standstill as the machine is told of it. */
export function describeStandstill({ until, error }: Standstill, work: SharedWork) {
  const reason = waitReason(error, work.connectivity);
  const retryAt = reason === "offline" ? null : until;
  return { reason, retryAt, problem: toUploadProblem(error) };
}
