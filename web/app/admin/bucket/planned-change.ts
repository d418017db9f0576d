import {
  CorsRequest,
  LifecycleRequest,
  type AccelerationRequest,
  type CorsResponse,
} from "../../../../shared/admin-api.ts";
import type { RemedyAction } from "./bucket-api.ts";

/** A change of the bucket that somebody was asked about, and has not yet said yes to. */
export type PlannedChange =
  | { readonly kind: "set-abort-rule"; readonly days: number }
  | { readonly kind: "remove-abort-rule" }
  | { readonly kind: "set-acceleration"; readonly status: AccelerationRequest["status"] }
  /** Sites that are to be let in. */
  | { readonly kind: "set-cors"; readonly origins: readonly string[] }
  /** A remedy that this page knows nothing more of. */
  | { readonly kind: "other"; readonly action: RemedyAction };

/**
 * The change that a remedy proposes: those that have a dialog of their own are said in full there.
 * @param cors as the bucket has it; `null`: that is not known, so that only the request can be shown
 */
export function changeOf(action: RemedyAction, cors: CorsResponse | null): PlannedChange {
  const { method, path, body = {} } = action;
  if (method === "PUT" && path === "/api/admin/bucket/lifecycle") {
    const asked = LifecycleRequest.safeParse(body);
    if (asked.success) {
      return { kind: "set-abort-rule", days: asked.data.abortIncompleteAfterDays };
    }
  }
  if (method === "PUT" && path === "/api/admin/bucket/cors" && cors !== null) {
    const asked = CorsRequest.safeParse(body);
    if (asked.success) return { kind: "set-cors", origins: asked.data.origins ?? sitesOf(cors) };
  }
  return { kind: "other", action };
}

/** Sites that a CORS rule should be set for: those that upload, and those that our rule lets in already. */
export function sitesOf({ origins, rules }: CorsResponse): readonly string[] {
  const ours = rules.filter((rule) => rule.ours).flatMap(({ allowedOrigins }) => allowedOrigins);
  return [...new Set([...origins.map(({ origin }) => origin), ...ours])];
}
