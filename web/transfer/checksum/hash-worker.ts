/** Entry of the worker that hashes parts. */
import { serveHashes } from "./serve-hashes.ts";

serveHashes(self);
