import { ProblemError } from "../../shared/problem.ts";

/** What a person or program may do. */
export const SCOPES = ["upload", "download", "query", "admin"] as const;

/** One of them. */
export type Scope = (typeof SCOPES)[number];

/** Who asks, and within which limits. */
export interface Identity {
  readonly subject: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Keys have to start with it; empty: any. */
  readonly prefix: string;
  /** Largest file, in bytes; `null`: no limit of its own. */
  readonly maxBytes: number | null;
  /** Media types such as `image/png` or `image/*`; `null`: any. */
  readonly contentTypes: readonly string[] | null;
}

/** In local mode everyone is this. */
export const LOCAL_IDENTITY: Identity = {
  subject: "local",
  scopes: new Set(SCOPES),
  prefix: "",
  maxBytes: null,
  contentTypes: null,
};

/** @throws ProblemError `forbidden` where the identity lacks the scope; admins have all of them */
export function requireScope(identity: Identity, scope: Scope): void {
  if (identity.scopes.has(scope) || identity.scopes.has("admin")) return;
  throw new ProblemError("forbidden", `Your grant lacks the scope "${scope}".`);
}

/** @throws ProblemError `forbidden` where the identity has none of the scopes; admins have all of them */
export function requireAnyScope({ scopes }: Identity, wanted: readonly Scope[]): void {
  if (scopes.has("admin") || wanted.some((scope) => scopes.has(scope))) return;
  const named = wanted.map((scope) => `"${scope}"`).join(" or ");
  throw new ProblemError("forbidden", `Your grant lacks the scope ${named}.`);
}

/**
 * Holds a file against the limits of a grant.
 * @throws ProblemError `forbidden` for a type or a size that the grant does not allow
 */
export function requireAllowedFile(
  { maxBytes, contentTypes }: Identity,
  file: { readonly sizeBytes: number | null; readonly contentType?: string | undefined },
): void {
  if (maxBytes !== null && (file.sizeBytes ?? 0) > maxBytes) {
    throw new ProblemError("forbidden", `Your grant allows files up to ${maxBytes} bytes.`);
  }
  const type = mediaType(file.contentType || "application/octet-stream");
  if (contentTypes !== null && !contentTypes.some((allowed) => matches(type, allowed))) {
    throw new ProblemError("forbidden", `Your grant does not allow files of type "${type}".`);
  }
}

/** @throws ProblemError `forbidden` for a key outside the grant's prefix */
export function requireAllowedKey({ prefix }: Identity, key: string): void {
  if (key.startsWith(prefix)) return;
  throw new ProblemError("forbidden", `Your grant is for keys that start with "${prefix}".`);
}

function matches(type: string, allowed: string): boolean {
  const pattern = mediaType(allowed);
  if (pattern === "*/*" || pattern === type) return true;
  return pattern.endsWith("/*") && type.startsWith(pattern.slice(0, -1));
}

/** Without parameters, in lower case. */
function mediaType(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}
