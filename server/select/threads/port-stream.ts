import type { MessagePort, TransferListItem } from "node:worker_threads";
import { fromPlainError, toPlainError, type PlainError } from "./plain-error.ts";

/** So many items may be on their way that nobody has taken yet. */
const WINDOW = 4;

type ToDrawer<Item> =
  | { readonly kind: "item"; readonly item: Item }
  | { readonly kind: "end"; readonly error: PlainError | null };

type ToPourer<Item> =
  /** An item is wanted; the one before it may come back. */
  { readonly kind: "more"; readonly back?: Item } | { readonly kind: "stop" };

/**
 * Sends items through a port as fast as they are drawn at its other end, and closes it. Whoever stops drawing ends the
 * items, too.
 * @param movedOf what of an item moves to the other thread instead of being copied
 * @param takeBack is given what was lent and is no longer needed
 */
export async function pour<Item>(
  items: AsyncIterable<Item>,
  port: MessagePort,
  movedOf: (item: Item) => readonly TransferListItem[],
  takeBack: (item: Item) => void = () => {},
): Promise<void> {
  const gate = { credit: 0, isStopped: false };
  let wake = (): void => {};
  const stop = (): void => {
    gate.isStopped = true;
    wake();
  };
  port.on("message", (message: ToPourer<Item>) => {
    if (message.kind === "stop") return stop();
    if (message.back !== undefined) takeBack(message.back);
    gate.credit += 1;
    wake();
  });
  port.on("close", stop);
  const post = (message: ToDrawer<Item>, moved: readonly TransferListItem[] = []) =>
    port.postMessage(message, moved);
  try {
    for await (const item of items) {
      while (gate.credit === 0 && !gate.isStopped) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (gate.isStopped) break;
      gate.credit -= 1;
      post({ kind: "item", item }, movedOf(item));
    }
    post({ kind: "end", error: null });
  } catch (error) {
    post({ kind: "end", error: toPlainError(error) });
  } finally {
    port.close();
  }
}

/**
 * Draws what is poured into the other end of a port.
 * @param lossOf what it fails with where the other end was closed too soon
 * @param lentOf what of an item goes back once the next one is asked for; null where items are kept
 * @throws what ended it there; the signal's reason
 */
export async function* draw<Item>(
  port: MessagePort,
  signal: AbortSignal,
  lossOf: () => Error = ended,
  lentOf: ((item: Item) => readonly TransferListItem[]) | null = null,
): AsyncGenerator<Item, void, undefined> {
  const arrived: ToDrawer<Item>[] = [];
  let wake = (): void => {};
  let isClosed = false;
  const onClose = (): void => {
    isClosed = true;
    wake();
  };
  const onAbort = (): void => wake();
  const post = (message: ToPourer<Item>, moved: readonly TransferListItem[] = []) =>
    port.postMessage(message, moved);
  port.on("message", (message: ToDrawer<Item>) => {
    arrived.push(message);
    wake();
  });
  port.on("close", onClose);
  signal.addEventListener("abort", onAbort);
  try {
    for (let count = 0; count < WINDOW; count += 1) post({ kind: "more" });
    for (;;) {
      signal.throwIfAborted();
      const message = arrived.shift();
      if (message?.kind === "item") {
        if (lentOf === null) post({ kind: "more" });
        yield message.item;
        if (lentOf !== null) post({ kind: "more", back: message.item }, lentOf(message.item));
      } else if (message !== undefined) {
        if (message.error === null) return;
        throw fromPlainError(message.error);
      } else {
        if (isClosed) throw lossOf();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    post({ kind: "stop" });
    port.close();
  }
}

function ended(): Error {
  return new Error("The other thread has ended");
}
