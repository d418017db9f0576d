import type { OrderBy } from "./arrangement.ts";

/** How orders are called. */
export const ORDER_NAMES: Readonly<Record<OrderBy, string>> = {
  key: "Key",
  started: "Started",
  held: "Bytes held",
  parts: "Parts",
  "last-part": "Last part",
  percent: "Share of the file",
  liveness: "State",
  who: "Who sends it",
  initiator: "Initiator",
  class: "Storage class",
  cost: "Cost a month",
  ends: "Ended by a rule",
};
