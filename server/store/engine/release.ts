import type { Released } from "../catalogue/ownership.ts";
import type { ContentFiles } from "../content/content-files.ts";

/** Removes the files of what a committed transaction gave up; readers of it go on to their end. */
export function releaseAll(files: ContentFiles, released: readonly Released[]): void {
  for (const { ownerId, ids } of released) files.release(ownerId, ids);
}
