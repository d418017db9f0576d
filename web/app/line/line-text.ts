import type { OriginView, UploadTotals } from "../../transfer/index.ts";
import { formatCount, formatSpeed } from "../format/byte-size.ts";
import { formatDuration } from "../format/duration.ts";
import { isOver } from "../queue/announcement.ts";

/** A term and what there is to say about it. */
export interface Fact {
  readonly term: string;
  readonly text: string;
}

/** The line in one line: `12 connections over 2 origins`. */
export function lineSummary(totals: UploadTotals): string {
  if (isOver(totals)) return "How it went";
  const { connections } = totals;
  if (connections === 0) return "No connection at the moment";
  const origins = totals.origins.filter((origin) => origin.connections > 0).length;
  const count = `${formatCount(connections)} ${connections === 1 ? "connection" : "connections"}`;
  return origins > 1 ? `${count} over ${origins} origins` : count;
}

/** Whether the line has anything to tell yet. */
export function hasLine({ connections, origins, retryCount, hedgeCount, route }: UploadTotals) {
  return connections + origins.length + retryCount + hedgeCount > 0 || route !== null;
}

/** The figures of the line; those that are zero and say nothing are left out. */
export function lineFacts(totals: UploadTotals): Fact[] {
  const { bytesPerSecond, connections, connectionLimit, retryCount, hedgeCount } = totals;
  const facts: Fact[] = [];
  if (!isOver(totals)) {
    facts.push({ term: "Speed now", text: formatSpeed(bytesPerSecond) || "nothing moves" });
    const limit = `${formatCount(connections)} of ${formatCount(connectionLimit)}`;
    facts.push({ term: "Connections", text: `${limit}, as many as made it faster` });
  }
  const again = retryCount === 0 ? "none" : formatCount(retryCount);
  facts.push({ term: "Requests sent again", text: again });
  if (hedgeCount > 0) {
    const text = `${formatCount(hedgeCount)}, where one connection lagged behind`;
    facts.push({ term: "Parts sent twice", text });
  }
  return facts;
}

/** How an origin does, in words: `in use · accelerated · 6 connections · 4.9 MB/s each`. */
export function describeOrigin(origin: OriginView): string {
  const { connections, bytesPerSecond } = origin;
  const speed = formatSpeed(bytesPerSecond ?? 0);
  const count = `${formatCount(connections)} ${connections === 1 ? "connection" : "connections"}`;
  const isAtRest = origin.state === "used" && connections === 0;
  return [
    isAtRest ? "used" : ORIGIN_STATES[origin.state],
    origin.kind === "accelerated" ? "accelerated" : "",
    connections > 0 ? count : "",
    speed === "" ? "" : `${speed} a connection`,
  ]
    .filter((words) => words !== "")
    .join(" · ");
}

/** That the machine slept, and for how long. */
export function describeSleep(sleptMs: number): string {
  return `Went on after ${formatDuration(sleptMs / 1000)} of sleep.`;
}

const ORIGIN_STATES: Readonly<Record<OriginView["state"], string>> = {
  used: "in use",
  trial: "being measured",
  slow: "slower: left alone",
  failing: "failing: left alone",
  unneeded: "not needed",
};
