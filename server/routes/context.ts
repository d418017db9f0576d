import type { AuthEnv } from "../auth/index.ts";

/** Variables of the context that handlers read. */
export interface ApiEnv {
  Variables: AuthEnv["Variables"] & { requestId: string };
}
