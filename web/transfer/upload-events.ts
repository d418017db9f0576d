import type { Session } from "./session.ts";
import type { Upload } from "./upload.ts";

/** What an uploader hears of its uploads. */
export interface UploadEvents {
  stateChanged(upload: Upload): void;
  /** So many more bytes have left; 0 where something else that is shown changed. */
  progressed(upload: Upload, bytes: number): void;
  /** Parts were given their bytes, or the storage holds more of them: worth remembering. */
  partsChanged(upload: Upload): void;
  /** Its session is of no more use to anybody. */
  sessionDropped(upload: Upload, session: Session): void;
  /** A part goes up twice. */
  hedged(): void;
}
