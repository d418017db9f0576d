import { askQuery } from "./ask-query.ts";
import { createBatchWindow } from "./batch-window.ts";
import { MAX_RESULT_BYTES, type RunMessage, type ThreadOrder } from "./run-messages.ts";

/**
 * Batches that the page may have before it: while it is busy drawing, the answer waits where it is, and leaves the
 * processor to the page.
 */
const MOST_BATCHES = 2;

/** The worker's side of its connection. */
export interface ThreadPort {
  postMessage(message: RunMessage, options: { transfer: Transferable[] }): void;
  addEventListener(type: "message", listener: (event: { data: ThreadOrder }) => void): void;
}

/** Serves one query of the page, in a thread of its own. */
export function serveQuery(port: ThreadPort): void {
  const stopping = new AbortController();
  const batches = createBatchWindow(MOST_BATCHES);
  const ports = {
    send: (path: string, init: RequestInit) => fetch(path, init),
    tell(message: RunMessage) {
      if (message.type === "rows") batches.sent();
      port.postMessage(message, { transfer: transferOf(message) });
    },
    room: () => batches.room(stopping.signal),
    now: () => performance.now(),
    maxBytes: MAX_RESULT_BYTES,
  };
  port.addEventListener("message", ({ data: order }) => {
    if (order.type === "ask") void askQuery(order.body, ports, stopping.signal);
    else if (order.type === "taken") batches.taken();
    else stopping.abort();
  });
}

function transferOf(message: RunMessage): Transferable[] {
  return message.type === "rows" ? [message.batch.bytes.buffer, message.batch.ends.buffer] : [];
}
