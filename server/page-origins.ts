import { isLoopbackHost } from "../shared/loopback.ts";

/**
 * Origins of the pages that upload, as browsers name them: our own names, and the sites that may embed us.
 * @param port where page and API listen
 */
export function pageOrigins(
  { host, allowedOrigins }: { readonly host: string; readonly allowedOrigins: readonly string[] },
  port: number,
): string[] {
  const isWildcard = host === "0.0.0.0" || host === "::";
  const own = isWildcard ? [] : [`http://${urlHost(host)}:${port}`];
  const local = ["localhost", "127.0.0.1"].map((name) => `http://${name}:${port}`);
  return [...new Set([...local, ...own, ...allowedOrigins])];
}

/**
 * The sites whose pages upload, as far as the configuration names them: on a public HOST a page is opened under
 * the names of SLUICE_ALLOWED_ORIGINS alone.
 */
export function uploadSites(
  config: {
    readonly host: string;
    readonly allowedOrigins: readonly string[];
    readonly storage: { readonly kind: "embedded" | "s3" };
  },
  port: number,
): string[] {
  const { host, allowedOrigins, storage } = config;
  const isPublic = storage.kind === "s3" && !isLoopbackHost(host);
  return isPublic && allowedOrigins.length > 0 ? [...allowedOrigins] : pageOrigins(config, port);
}

/** A host as it stands in a URL. */
export function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
