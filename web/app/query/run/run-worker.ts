/** Entry of the worker that asks a query and reads its answer. */
import { serveQuery } from "./run-thread.ts";

serveQuery(self);
