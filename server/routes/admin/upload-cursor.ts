import * as z from "zod/mini";
import { ProblemError } from "../../../shared/problem.ts";
import type { UploadCursor } from "../../s3/index.ts";

const Cursor = z.discriminatedUnion("source", [
  z.object({ source: z.literal("storage"), key: z.string(), uploadId: z.string() }),
  z.object({ source: z.literal("register"), after: z.string() }),
]);

/** A cursor as a page of `GET /api/admin/uploads` hands it out. It gives away nothing that its page does not show. */
export function encodeCursor(cursor: UploadCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

/** @throws ProblemError `bad-request` for a text that `encodeCursor` never made */
export function decodeCursor(text: string): UploadCursor {
  const decoded = z.safeParse(Cursor, parsed(Buffer.from(text, "base64url").toString()));
  if (decoded.success) return decoded.data;
  throw new ProblemError("bad-request", "cursor: not one that a page of this list handed out.");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
