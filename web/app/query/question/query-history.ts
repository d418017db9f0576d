import * as z from "zod/mini";
import { linkTo, readLink, type LinkedQuestion } from "./question-link.ts";

/** A question that was asked in this browser. */
export interface AskedQuestion {
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  readonly question: LinkedQuestion;
}

const STORAGE_KEY = "sluice.query-history";

/** Most questions that are remembered … */
const MAX_QUESTIONS = 50;

/** … and most characters of all of them together: the browser's store is shared with resume records. */
const MAX_LENGTH = 100_000;

const Stored = z.array(z.object({ askedAt: z.number(), link: z.string() }));

/** The questions asked in this browser, the latest first; none where storage is closed to us. */
export function readHistory(storage: () => Storage): readonly AskedQuestion[] {
  try {
    const stored = Stored.safeParse(JSON.parse(storage().getItem(STORAGE_KEY) ?? "[]"));
    if (!stored.success) return [];
    return stored.data.slice(0, MAX_QUESTIONS).map(({ askedAt, link }) => ({
      askedAt,
      question: readLink(link.slice(link.indexOf("?"))),
    }));
  } catch {
    // Not JSON, or storage is closed to us: nothing is remembered.
    return [];
  }
}

/** Remembers a question before all others, once however often it is asked; answers what is remembered now. */
export function rememberQuestion(
  storage: () => Storage,
  question: LinkedQuestion,
  askedAt: number,
): readonly AskedQuestion[] {
  const link = linkTo(question);
  const others = readHistory(storage).filter((entry) => linkTo(entry.question) !== link);
  const entries = [{ askedAt, question }, ...others].slice(0, MAX_QUESTIONS);
  const stored = entries.map((entry) => ({
    askedAt: entry.askedAt,
    link: linkTo(entry.question),
  }));
  while (stored.length > 1 && JSON.stringify(stored).length > MAX_LENGTH) stored.pop();
  try {
    storage().setItem(STORAGE_KEY, JSON.stringify(stored));
  } catch {
    // Private windows and full quotas forget it; nothing else is lost.
  }
  return entries.slice(0, stored.length);
}

/** Forgets every question. */
export function clearHistory(storage: () => Storage): void {
  try {
    storage().removeItem(STORAGE_KEY);
  } catch {
    // Where storage is closed there is nothing to forget.
  }
}
