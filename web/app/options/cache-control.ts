/** A `Cache-Control` that many want, in words. */
export interface CachePreset {
  /** Empty: none is sent. */
  readonly value: string;
  readonly label: string;
  readonly why: string;
}

/**
 * What browsers and CDNs that read the object may keep.
 * @see https://www.rfc-editor.org/rfc/rfc9111#name-response-directives
 */
export const CACHE_PRESETS: readonly CachePreset[] = [
  { value: "", label: "Not set", why: "Whoever reads it decides." },
  { value: "no-cache", label: "Ask each time", why: "Kept, and read anew once it changed." },
  { value: "max-age=3600", label: "An hour", why: "A change is seen after an hour at the latest." },
  { value: "max-age=86400", label: "A day", why: "A change is seen after a day at the latest." },
  {
    value: "public, max-age=31536000, immutable",
    label: "For good",
    why: "Never asked for again: what lies under this key must not change.",
  },
  { value: "no-store", label: "Never", why: "Nobody keeps a copy." },
];

/** Longest value that the server takes, in characters. */
const MAX_LENGTH = 1024;

/** What is wrong with a `Cache-Control`, in a sentence, or null; an empty one is none and right. */
export function faultOfCacheControl(text: string): string | null {
  if (text.length > MAX_LENGTH) return `It has at most ${MAX_LENGTH} characters.`;
  if (!/^[\x20-\x7e]*$/.test(text)) return "It takes plain ASCII characters alone.";
  return text.trim() === text ? null : "It has no spaces at its ends.";
}
