/** Keys that start with it are the server's own: no upload, download, listing or query of anybody touches them. */
export const RESERVED_PREFIX = ".sluice/";

/**
 * Whether a key, or what a URL parser or a file system would make of it, is one of the server's own. So is their
 * folder's name alone: a storage that keeps objects in files has no room for both.
 * @see https://url.spec.whatwg.org/#double-dot-path-segment
 */
export function isReservedKey(key: string): boolean {
  return [key, resolved(key)].some((path) => `${path}/`.startsWith(RESERVED_PREFIX));
}

/** Whether a URL parser or a file system would make another key of it: `.` and `..` are steps to them. */
export function hasDotSegment(key: string): boolean {
  return /(^|[/\\])\.{1,2}([/\\]|$)/.test(key);
}

/** Without empty segments and with `.` and `..` walked. */
function resolved(key: string): string {
  const segments: string[] = [];
  for (const segment of key.split(/[/\\]/)) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  return segments.join("/");
}
