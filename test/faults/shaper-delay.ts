import type { Rate } from "./shaper-rate.ts";

/** Time as a delay line needs it, in milliseconds. */
export interface DelayClock {
  now(): number;
  /** Calls back once, at `atMs` or later; gives a function that takes it back. */
  at(atMs: number, call: () => void): () => void;
}

/** One direction of a connection: what goes in comes out in order, later and no faster than allowed. */
export interface DelayLine {
  /**
   * Takes `sizeBytes`; `arrive` runs when the last of them has come through and says whether more may
   * follow at once. False: no more before `onRoom`.
   */
  push(sizeBytes: number, arrive: () => boolean): boolean;
  /** The far end takes more again. */
  unblock(): void;
  /** Forgets everything on the way. */
  destroy(): void;
}

/** What a delay line is made of. */
export interface DelayLineOptions {
  readonly clock: DelayClock;
  /** All of them bound it. */
  readonly rates: readonly Rate[];
  /** Read for everything that goes in, in milliseconds. */
  readonly delayMs: () => number;
  /** There is room again after `push` said false. */
  readonly onRoom: () => void;
}

/** How far ahead of its rate a sender may be, in milliseconds: a socket's buffer, and no more. */
const AHEAD_MS = 20;

/** Most on the way, in bytes, where no rate bounds it. */
const MAX_UNDER_WAY_BYTES = 16 * 1024 * 1024;

interface Item {
  readonly sizeBytes: number;
  readonly arriveAtMs: number;
  readonly arrive: () => boolean;
}

/** Makes one direction of a connection. */
export function createDelayLine({ clock, rates, delayMs, onRoom }: DelayLineOptions): DelayLine {
  const underWay: Item[] = [];
  let underWayBytes = 0;
  let lastLeavesAtMs = -Infinity;
  let lastArrivesAtMs = -Infinity;
  let farEnd: "open" | "blocked" | "destroyed" = "open";
  let isSenderWaiting = false;
  let cancelDelivery: (() => void) | undefined;
  let cancelRoom: (() => void) | undefined;

  const roomAtMs = () =>
    farEnd !== "open" || underWayBytes > MAX_UNDER_WAY_BYTES ? Infinity : lastLeavesAtMs - AHEAD_MS;

  const waitForRoom = () => {
    const atMs = roomAtMs();
    cancelRoom?.();
    cancelRoom = atMs === Infinity ? undefined : clock.at(atMs, offerRoom);
  };

  const offerRoom = () => {
    if (!isSenderWaiting) return;
    if (roomAtMs() > clock.now()) {
      waitForRoom();
      return;
    }
    cancelRoom?.();
    isSenderWaiting = false;
    onRoom();
  };

  const deliver = () => {
    cancelDelivery = undefined;
    while (farEnd === "open") {
      const [first] = underWay;
      if (first === undefined) break;
      if (first.arriveAtMs > clock.now()) {
        cancelDelivery = clock.at(first.arriveAtMs, deliver);
        break;
      }
      underWay.shift();
      underWayBytes -= first.sizeBytes;
      if (!first.arrive() && farEnd === "open") farEnd = "blocked";
    }
    offerRoom();
  };

  return {
    push(sizeBytes, arrive) {
      if (farEnd === "destroyed") return false;
      const nowMs = clock.now();
      lastLeavesAtMs = Math.max(...rates.map((rate) => rate.leaveAt(sizeBytes, nowMs)), nowMs);
      // What is sent later never overtakes, even where the delay was shortened meanwhile.
      lastArrivesAtMs = Math.max(lastArrivesAtMs, lastLeavesAtMs + delayMs());
      underWay.push({ sizeBytes, arriveAtMs: lastArrivesAtMs, arrive });
      underWayBytes += sizeBytes;
      if (cancelDelivery === undefined) deliver();
      isSenderWaiting = roomAtMs() > nowMs;
      // Never at once: who pushes stops first, and hears of room later.
      if (isSenderWaiting) waitForRoom();
      return !isSenderWaiting;
    },
    unblock() {
      if (farEnd === "blocked") farEnd = "open";
      if (cancelDelivery === undefined) deliver();
    },
    destroy() {
      farEnd = "destroyed";
      cancelDelivery?.();
      cancelRoom?.();
      underWay.length = 0;
    },
  };
}
