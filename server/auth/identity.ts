import { ProblemError } from "../../shared/problem.ts";
import { hasDotSegment, isReservedKey, RESERVED_PREFIX } from "../../shared/reserved-key.ts";

/** What a person or program may do. */
export const SCOPES = ["upload", "download", "query", "admin", "metrics"] as const;

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

/** Who has signed in with the admin password is this. */
export const ADMIN_IDENTITY: Identity = { ...LOCAL_IDENTITY, subject: "admin" };

/** Whether all scopes count, and uploads of others. A grant for some keys makes nobody admin of the bucket. */
export function isAdmin({ scopes, prefix }: Identity): boolean {
  return scopes.has("admin") && prefix === "";
}

/**
 * Admins have all scopes, those of a prefix all but `admin`: administration is about the whole bucket.
 * @throws ProblemError `forbidden` where the identity lacks the scope
 */
export function requireScope(identity: Identity, scope: Scope): void {
  if (scope !== "admin") {
    requireAnyScope(identity, [scope]);
    return;
  }
  if (isAdmin(identity)) return;
  const { scopes, prefix } = identity;
  const detail = scopes.has("admin")
    ? `Administration is about all keys; your grant is for those that start with "${prefix}".`
    : 'Your grant lacks the scope "admin".';
  throw new ProblemError("forbidden", detail);
}

/** @throws ProblemError `forbidden` where the identity has none of the scopes; admins have all of them */
export function requireAnyScope(
  { scopes }: Identity,
  wanted: readonly Exclude<Scope, "admin">[],
): void {
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

/**
 * Holds a key against the prefix of a grant, letter by letter. Keys that a URL parser would make others of
 * are nothing for a grant with a prefix, and the server's own keys are nothing for anybody.
 * @throws ProblemError `forbidden`
 */
export function requireAllowedKey({ prefix }: Identity, key: string): void {
  if (isReservedKey(key)) {
    throw new ProblemError(
      "forbidden",
      `Keys that start with "${RESERVED_PREFIX}" are the server's.`,
    );
  }
  const mayEscape = prefix !== "" && hasDotSegment(key);
  if (key.startsWith(prefix) && !mayEscape) return;
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
