import { isLoopbackHost } from "../../shared/loopback.ts";
import { ProblemError } from "../../shared/problem.ts";

type HeaderOf = (name: string) => string | undefined;

/** What proxies add to tell whom they speak for. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"];

/**
 * Local mode trusts the address that a request came to: the Host has to be a loopback name (against DNS rebinding),
 * what a proxy passes on comes from somebody else's machine, and a page of another site asks for nothing, because
 * asking may cost something although its answer is kept from it.
 * @throws ProblemError `forbidden`
 */
export function requireLocal(header: HeaderOf, allowed: readonly string[]): void {
  if (!isLoopbackHost(hostName(header("host") ?? ""))) {
    throw new ProblemError("forbidden", "In local mode only a loopback host name is served.");
  }
  if (PROXY_HEADERS.some((name) => header(name) !== undefined)) {
    const remedy =
      "set SLUICE_ADMIN_PASSWORD, or HOST and SLUICE_SECRET, so that everyone has to say who they are.";
    throw new ProblemError("forbidden", `In local mode no proxy is served: ${remedy}`);
  }
  if (isFromElsewhere(header) && !allowed.includes(header("origin") ?? "")) {
    throw new ProblemError("forbidden", "In local mode other sites are not served.");
  }
}

/** @throws ProblemError `forbidden` for an Origin that is neither ours nor allowed */
export function requireKnownOrigin(header: HeaderOf, allowed: readonly string[]): void {
  const origin = header("origin");
  if (origin === undefined || isOwnOrigin(header) || allowed.includes(origin)) return;
  throw new ProblemError("forbidden", `Requests from ${origin} are not allowed here.`);
}

/** Behind a proxy that ends TLS the scheme differs, so that the host alone is compared. */
export function isOwnOrigin(header: HeaderOf): boolean {
  const origin = header("origin") ?? "";
  const host = header("host") ?? "";
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/**
 * Whether another site may have sent it, as far as the browser tells: one on another port of this host is another
 * too, and cookies do not tell them apart.
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function isFromElsewhere(header: HeaderOf): boolean {
  if (header("origin") !== undefined && !isOwnOrigin(header)) return true;
  const site = header("sec-fetch-site");
  return site === "cross-site" || site === "same-site";
}

function hostName(host: string): string {
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname : "";
}
