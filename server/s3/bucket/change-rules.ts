import { setTimeout as pause } from "node:timers/promises";
import { ProblemError } from "../../../shared/problem.ts";
import { othersOf, type IsOurs, type RuleDocument } from "./rule-document.ts";

/** A bucket's document of one kind. */
export interface RuleStore {
  /** `null` where the bucket has none. */
  read(): Promise<RuleDocument | null>;
  write(xml: string): Promise<void>;
  /** Removes the whole document. */
  remove(): Promise<void>;
}

/** What is to become of a document. */
export interface RuleChange {
  readonly isOurs: IsOurs;
  /** The document to be; `null`: none. */
  edit(before: RuleDocument | null): string | null;
  /** The document has what was asked for. */
  holds(document: RuleDocument | null): boolean;
}

/** S3 may show an old document for a moment. */
const PAUSES_MS = [100, 300, 900];

/**
 * Changes our rule and gives the document as the bucket then tells it. S3 has no conditions on documents:
 * what somebody else writes between our reading and our writing, within one round trip, is lost; what they
 * write afterwards is seen here.
 * @throws ProblemError `configuration-changed` where other rules are not what they were before
 */
export async function changeRules(
  store: RuleStore,
  { isOurs, edit, holds }: RuleChange,
): Promise<RuleDocument | null> {
  const before = await store.read();
  if (holds(before)) return before;
  const wanted = edit(before);
  await (wanted === null ? store.remove() : store.write(wanted));
  let after = await store.read();
  for (const ms of PAUSES_MS) {
    if (holds(after)) break;
    await pause(ms);
    after = await store.read();
  }
  if (othersOf(after, isOurs) !== othersOf(before, isOurs)) {
    throw new ProblemError(
      "configuration-changed",
      "Somebody else changed the bucket's rules at the same moment: look at them, then try again.",
    );
  }
  return after;
}
