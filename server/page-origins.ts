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

/** A host as it stands in a URL. */
export function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
