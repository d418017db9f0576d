import { askQuery } from "./ask-query.ts";
import { MAX_RESULT_BYTES, type RunMessage, type ThreadOrder } from "./run-messages.ts";

/** The worker's side of its connection. */
export interface ThreadPort {
  postMessage(message: RunMessage, options: { transfer: Transferable[] }): void;
  addEventListener(type: "message", listener: (event: { data: ThreadOrder }) => void): void;
}

/** Serves one query of the page, in a thread of its own. */
export function serveQuery(port: ThreadPort): void {
  const stopping = new AbortController();
  const ports = {
    send: (path: string, init: RequestInit) => fetch(path, init),
    tell: (message: RunMessage) => port.postMessage(message, { transfer: transferOf(message) }),
    now: () => performance.now(),
    maxBytes: MAX_RESULT_BYTES,
  };
  port.addEventListener("message", ({ data: order }) => {
    if (order.type === "ask") void askQuery(order.body, ports, stopping.signal);
    else stopping.abort();
  });
}

function transferOf(message: RunMessage): Transferable[] {
  return message.type === "rows" ? [message.batch.bytes.buffer, message.batch.ends.buffer] : [];
}
