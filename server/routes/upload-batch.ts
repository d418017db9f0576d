import type { IfExists } from "../../shared/api.ts";
import type { Identity, UploadPlaces } from "../auth/index.ts";
import type { Capabilities, Storage } from "../s3/index.ts";
import type { KeyChooser } from "./choose-key.ts";
import type { UploadIds } from "./upload-id.ts";
import type { Report, UploadNotes } from "./upload-notes.ts";

/** What opening uploads needs. */
export interface UploadPorts {
  readonly storage: Pick<Storage, "bucket" | "gateway" | "presigner" | "listKeys" | "capabilities">;
  readonly ids: UploadIds;
  readonly notes: UploadNotes;
  /** How many uploads in parts each caller may have begun. */
  readonly places: UploadPlaces;
  readonly now: () => Date;
  /** Uniform in 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** What is the same for all files of one request. */
export interface UploadBatch {
  readonly identity: Identity;
  readonly ports: UploadPorts;
  readonly keys: KeyChooser;
  readonly ifExists: IfExists;
  /** `null` where the storage could not be asked. */
  readonly known: Capabilities | null;
  /** Origins that URLs are wanted for beside the first. */
  readonly origins: readonly string[];
  /** An earlier try of the request got no answer. */
  readonly isAgain: boolean;
  /** Parts signed along with the opening of each file, at least one. */
  readonly windowParts: number;
  readonly report: Report;
}
