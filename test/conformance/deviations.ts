/** Servers that the suite knows by name. */
export type ServerName = "sluice" | "ceph-rgw" | "unknown";

/**
 * The one place where an expectation is waived: rules of S3, by the title of their test, that Ceph RGW
 * 20.2 does not keep, with what was seen there. Our own store has no such table and never gets one; a
 * server that is not known is held to every rule.
 */
const CEPH_RGW: Readonly<Record<string, string>> = {
  "us-east-1 is an empty location constraint": "names its zone group, `default`",
};

/** Why `server` is not held to the rule of that title; `undefined` where it is. */
export function deviationOf(server: ServerName, title: string): string | undefined {
  return server === "ceph-rgw" ? CEPH_RGW[title] : undefined;
}

/** Titles in the table of `server` that are not among `titles`. */
export function staleDeviations(server: ServerName, titles: ReadonlySet<string>): string[] {
  if (server !== "ceph-rgw") return [];
  return Object.keys(CEPH_RGW).filter((title) => !titles.has(title));
}
