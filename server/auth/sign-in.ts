import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { ProblemError } from "../../shared/problem.ts";
import { createAttempts } from "./attempts.ts";
import { createSessions, type IssuedSession, type Sessions } from "./sessions.ts";

/** How admins sign in. */
export interface SignIn {
  readonly sessions: Sessions;
  /**
   * Opens a session for whoever knows the password.
   * @throws ProblemError `unauthorized`; `rate-limited` after wrong ones
   */
  withPassword(given: string, address: string, isSecure: boolean): Promise<IssuedSession>;
}

/** @param sessionKey of 32 bytes, used for nothing else */
export function createSignIn(
  password: string,
  sessionKey: Buffer,
  nowMs: () => number = Date.now,
): SignIn {
  const sessions = createSessions(sessionKey, password, nowMs);
  const attempts = createAttempts(nowMs);
  const isPassword = createComparison(password);
  return {
    sessions,
    async withPassword(given, address, isSecure) {
      // Nothing is awaited between the two: a thousand guesses at once are counted one by one.
      attempts.begin(address);
      if (!isPassword(given)) throw new ProblemError("unauthorized", "This is not the password.");
      attempts.succeed(address);
      return sessions.open(isSecure);
    },
  };
}

/** Digests of equal length are compared, in a time that says nothing of either text. */
function createComparison(expected: string): (given: string) => boolean {
  const key = randomBytes(32);
  const digest = (text: string) => createHmac("sha256", key).update(text).digest();
  const wanted = digest(expected);
  return (given) => timingSafeEqual(digest(given.trim()), wanted);
}
