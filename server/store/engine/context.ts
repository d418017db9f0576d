import type { Catalogue } from "../catalogue/catalogue.ts";
import type { ContentFiles } from "../content/content-files.ts";
import type { IngestThreads } from "../content/ingest.ts";

/** What the operations of the engine work with. */
export interface EngineContext {
  readonly catalogue: Catalogue;
  readonly files: ContentFiles;
  readonly threads: IngestThreads;
  readonly minPartSizeBytes: number;
  readonly restoreMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
