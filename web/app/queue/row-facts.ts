import type { UploadView } from "../../transfer/index.ts";
import { formatCount, formatExactBytes } from "../format/byte-size.ts";
import type { Fact } from "../line/line-text.ts";
import { describeParts } from "./state-text.ts";

/** What the details of an upload under way say; what says nothing is left out. */
export function rowFacts(view: UploadView): Fact[] {
  const { connections, resumedBytes, startedAgain, key } = view;
  return [
    { term: "Connections", text: connections === 0 ? "none" : formatCount(connections) },
    { term: "Storage", text: describeParts(view) },
    { term: "Sent again", text: describeRetries(view) },
    { term: "Was there", text: resumedBytes === 0 ? "" : formatExactBytes(resumedBytes) },
    { term: "Started again", text: startedAgain ? "once the storage had forgotten it" : "" },
    { term: "Key", text: key ?? "" },
  ].filter(({ text }) => text !== "");
}

/** How many requests had to be sent again: `3 requests`; empty for none. */
export function describeRetries({ retryCount }: Pick<UploadView, "retryCount">): string {
  if (retryCount === 0) return "";
  return `${formatCount(retryCount)} ${retryCount === 1 ? "request" : "requests"}`;
}
