import type { AuthEnv } from "../auth/index.ts";
import type { Metrics } from "../metrics/index.ts";

/** Variables of the context that handlers read. */
export interface ApiEnv {
  Variables: AuthEnv["Variables"] & {
    requestId: string;
    /** Tells the log of a fault that an answer does not explain, or that only operators can mend. */
    report: (error: unknown) => void;
    metrics: Metrics;
  };
}
