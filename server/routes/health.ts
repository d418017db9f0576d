import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { ProblemError } from "../../shared/problem.ts";
import { problemResponse } from "./problem-response.ts";
import { answersProblem } from "./validate.ts";

/** A good answer of the storage counts for this long, in milliseconds. */
const READY_FOR_MS = 2000;

/** What readiness depends on. */
export interface HealthPorts {
  /** Resolves where the storage answers; throws ProblemError. */
  readonly ping: () => Promise<void>;
  /** No longer ready, so that load balancers send nothing more. */
  readonly isShuttingDown: () => boolean;
  /** Milliseconds of any steady clock. */
  readonly nowMs: () => number;
}

/** `/healthz`: the process lives; `/readyz`: it can serve, the storage included. */
export function createHealthRoutes({ ping, isShuttingDown, nowMs }: HealthPorts) {
  let asked: { readonly atMs: number; readonly answer: Promise<void> } | undefined;
  const recentPing = () => {
    if (asked === undefined || nowMs() - asked.atMs >= READY_FOR_MS) {
      const answer = ping().catch((error) => {
        // Only good news is kept: a server that has just become ready says so at once.
        asked = undefined;
        throw error;
      });
      asked = { atMs: nowMs(), answer };
    }
    return asked.answer;
  };
  const ok = {
    description: "Yes",
    content: { "text/plain": { schema: { type: "string" } } },
  } as const;
  return new Hono()
    .get(
      "/healthz",
      describeRoute({ tags: ["Health"], summary: "Does it live?", responses: { 200: ok } }),
      (c) => c.text("ok"),
    )
    .get(
      "/readyz",
      describeRoute({
        tags: ["Health"],
        summary: "Can it serve?",
        responses: { 200: ok, 503: answersProblem("It ends"), default: answersProblem("No") },
      }),
      async (c) => {
        try {
          if (isShuttingDown()) throw new ProblemError("shutting-down", "The server is ending.");
          await recentPing();
          return c.text("ok");
        } catch (error) {
          return problemResponse(c, error);
        }
      },
    );
}
