import { createConnection, type Socket } from "node:net";
import { createDelayLine, type DelayClock, type DelayLine } from "./shaper-delay.ts";
import {
  drawFault,
  isTransfer,
  slowDownAnswer,
  type Fault,
  type FaultRates,
} from "./shaper-fault.ts";
import { createRate, type Rate } from "./shaper-rate.ts";
import { createRequestReader, type RequestHead, type RequestPiece } from "./shaper-request.ts";

/** How one listening port treats its connections; read anew for everything that passes. */
export interface LineSettings {
  /** Set-up of a connection costs one, every exchange another; in milliseconds. */
  readonly roundTripMs: number;
  /** Each way; `Infinity` lets everything through. */
  readonly bytesPerSecondPerConnection: number;
  readonly faults: FaultRates;
  /** `refusing`: new connections are reset. `frozen`: no byte moves, and nobody says why. */
  readonly passage: "open" | "refusing" | "frozen";
}

/** What passed so far. */
export interface LineCounts {
  connections: number;
  openConnections: number;
  maxOpenConnections: number;
  /** Everything that clients sent, heads of requests included. */
  upBytes: number;
  /** Bodies of requests that carry files. */
  transferBytes: number;
  transfers: number;
  requestsByMethod: Record<string, number>;
  faults: Record<Exclude<Fault["kind"], "none">, number>;
}

/** What all connections of a port share. */
export interface Line {
  readonly target: { readonly host: string; readonly port: number };
  readonly clock: DelayClock;
  readonly random: () => number;
  /** Over all connections, each way. */
  readonly sharedRates: { readonly up: Rate; readonly down: Rate };
  readonly counts: LineCounts;
  settings(): LineSettings;
}

/** One connection under way. */
export interface ShapedConnection {
  reset(): void;
  /** The settings' passage has changed. */
  passageChanged(): void;
}

/** The request that a client is in the middle of. */
interface Current {
  readonly head: RequestHead;
  readonly fault: Fault;
  passedBytes: number;
}

/** Counts of a line that nothing passed yet. */
export function noCounts(): LineCounts {
  return {
    connections: 0,
    openConnections: 0,
    maxOpenConnections: 0,
    upBytes: 0,
    transferBytes: 0,
    transfers: 0,
    requestsByMethod: {},
    faults: { reset: 0, stall: 0, slowDown: 0, lostAnswer: 0 },
  };
}

/**
 * Relays an accepted, paused `client` to the line's target.
 * @param onClose once nothing more can pass
 */
export function shapeConnection(client: Socket, line: Line, onClose: () => void): ShapedConnection {
  const upstream = createConnection({ ...line.target, noDelay: true, allowHalfOpen: true });
  const { settings, clock } = line;
  const delayMs = () => settings().roundTripMs / 2;
  const ownRate = () => createRate(() => settings().bytesPerSecondPerConnection);
  const reader = createRequestReader();
  // A gate is shut while its line is full, before the handshake is over, and for ever after a fault.
  const gates = { up: "shut", down: "open" } as { up: Gate; down: Gate };
  let current: Current | undefined;

  const apply = () => {
    const isFrozen = settings().passage === "frozen";
    for (const [socket, gate] of [
      [client, gates.up],
      [upstream, gates.down],
    ] as const) {
      if (gate === "open" && !isFrozen) socket.resume();
      else socket.pause();
    }
  };
  const setGate = (direction: keyof typeof gates, gate: Gate) => {
    if (gates[direction] === "dead") return;
    gates[direction] = gate;
    apply();
  };
  const reset = () => {
    up.destroy();
    down.destroy();
    client.resetAndDestroy();
    upstream.destroy();
  };

  const lineOf = (direction: "up" | "down"): DelayLine =>
    createDelayLine({
      clock,
      rates: [ownRate(), line.sharedRates[direction]],
      delayMs,
      onRoom: () => setGate(direction, "open"),
    });
  const up = lineOf("up");
  const down = lineOf("down");

  const passUp = (bytes: Buffer) => up.push(bytes.length, () => upstream.write(bytes));
  const swallow = (bytes: Buffer, then?: () => void) =>
    up.push(bytes.length, () => {
      then?.();
      return true;
    });

  const beginRequest = (head: RequestHead): Current => {
    const { counts } = line;
    const fault = drawFault(head, settings().faults, line.random);
    counts.requestsByMethod[head.method] = (counts.requestsByMethod[head.method] ?? 0) + 1;
    if (isTransfer(head)) counts.transfers++;
    if (fault.kind !== "none") counts.faults[fault.kind]++;
    return { head, fault, passedBytes: 0 };
  };

  const passBody = (request: Current, bytes: Buffer, isLast: boolean): boolean => {
    const { fault, head } = request;
    if (isTransfer(head)) line.counts.transferBytes += bytes.length;
    const before = request.passedBytes;
    request.passedBytes += bytes.length;
    if (fault.kind === "slowDown") {
      const answer = () => passDown(slowDownAnswer(head));
      return swallow(bytes, isLast ? answer : undefined);
    }
    const cutsHere =
      (fault.kind === "reset" || fault.kind === "stall") && request.passedBytes > fault.afterBytes;
    if (!cutsHere) return passUp(bytes);
    passUp(bytes.subarray(0, fault.afterBytes - before));
    setGate("up", "dead");
    if (fault.kind === "reset") swallow(bytes.subarray(0, 0), reset);
    return false;
  };

  const passPiece = (piece: RequestPiece): boolean => {
    if (gates.up === "dead") return false;
    if (piece.kind === "opaque") return passUp(piece.bytes);
    if (piece.kind === "head") {
      current = beginRequest(piece.head);
      return current.fault.kind === "slowDown" ? swallow(piece.bytes) : passUp(piece.bytes);
    }
    if (current === undefined) throw new Error("A body without a head");
    return passBody(current, piece.bytes, piece.isLast);
  };

  const passDown = (bytes: Buffer) => {
    if (!down.push(bytes.length, () => client.write(bytes))) setGate("down", "shut");
  };

  client.on("data", (bytes: Buffer) => {
    line.counts.upBytes += bytes.length;
    let hasRoom = true;
    for (const piece of reader.read(bytes)) hasRoom = passPiece(piece);
    if (!hasRoom) setGate("up", "shut");
  });
  client.on("end", () => swallow(Buffer.alloc(0), () => upstream.end()));
  client.on("drain", () => down.unblock());
  client.on("error", reset);
  client.on("close", () => {
    reset();
    onClose();
  });
  upstream.on("data", (bytes: Buffer) => {
    if (current?.fault.kind === "lostAnswer") reset();
    else passDown(bytes);
  });
  upstream.on("end", () => {
    down.push(0, () => {
      client.end();
      return true;
    });
  });
  upstream.on("drain", () => up.unblock());
  upstream.on("error", reset);

  apply();
  const { roundTripMs } = settings();
  if (roundTripMs > 0) clock.at(clock.now() + roundTripMs, () => setGate("up", "open"));
  else setGate("up", "open");
  return { reset, passageChanged: apply };
}

type Gate = "open" | "shut" | "dead";
