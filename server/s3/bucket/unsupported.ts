import { s3CodeOf, toProblem } from "../s3-error.ts";

/** `null` where the storage answers that the bucket has no such document. */
export async function ifAbsent<T>(code: string, answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (s3CodeOf(error) === code) return null;
    throw error;
  }
}

/**
 * `answer` for a storage that does not know such a document at all.
 * @throws ProblemError whatever else went wrong
 */
export function ifUnsupported<T>(error: unknown, answer: T, doing: string): T {
  const problem = toProblem(error, doing);
  if (problem.code === "storage-unsupported") return answer;
  throw problem;
}
