import { createHmac, randomBytes } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import * as z from "zod/mini";

/** A session that is not used ends, in milliseconds. */
const IDLE_MS = 30 * 60_000;

/** A token in use is replaced by a new one, in milliseconds. */
const ROTATED_AFTER_MS = 5 * 60_000;

/** However much it is used, a session ends; in milliseconds. */
const LONGEST_MS = 12 * 60 * 60_000;

/** More than anybody signs out of within the longest session. */
const MAX_ENDED = 10_000;

const AUDIENCE = "sluice session";

/** A signed-in browser. */
export interface Session {
  /** Shared by all tokens of one sign-in. */
  readonly family: string;
  readonly issuedAtMs: number;
  /** When it ends unless it is used. */
  readonly expiresAtMs: number;
  /** When it ends in any case. */
  readonly endsAtMs: number;
  /** The browser came by HTTPS, and sends the token by nothing else. */
  readonly isSecure: boolean;
}

/** A session as the browser keeps it. */
export interface IssuedSession {
  readonly session: Session;
  readonly token: string;
}

/** Opens, reads and ends sessions. */
export interface Sessions {
  open(isSecure: boolean): Promise<IssuedSession>;
  /** @returns `null` for a token that is not ours, too old, or signed out */
  read(token: string): Promise<Session | null>;
  /** A new token of the same session, where the present one is old enough; else `null`. */
  rotate(session: Session): Promise<IssuedSession | null>;
  /** Ends all tokens of the sign-in, in this process. */
  end(session: Session): void;
}

const Claims = z.object({
  fam: z.string(),
  iat: z.int(),
  exp: z.int(),
  end: z.int(),
  sec: z.boolean(),
});

/**
 * Sessions that no server has to remember: tokens signed with a key of their own, which depends on the password
 * too, so that a new password ends them all.
 * @param key of 32 bytes, used for nothing else
 */
export function createSessions(
  key: Buffer,
  password: string,
  nowMs: () => number = Date.now,
): Sessions {
  const signingKey = createHmac("sha256", key).update(password).digest();
  const ended = new LRUCache<string, true>({ max: MAX_ENDED });
  const issue = async (kept: Pick<Session, "family" | "endsAtMs" | "isSecure">) => {
    const issuedAtMs = nowMs();
    const expiresAtMs = Math.min(issuedAtMs + IDLE_MS, kept.endsAtMs);
    const session = { ...kept, issuedAtMs, expiresAtMs };
    return { session, token: await sign(session, signingKey) };
  };
  return {
    open: (isSecure) =>
      issue({
        family: randomBytes(16).toString("base64url"),
        endsAtMs: nowMs() + LONGEST_MS,
        isSecure,
      }),
    async read(token) {
      const session = await verify(token, signingKey, nowMs());
      return session === null || ended.has(session.family) ? null : session;
    },
    async rotate(session) {
      return nowMs() - session.issuedAtMs < ROTATED_AFTER_MS ? null : issue(session);
    },
    end: ({ family }) => void ended.set(family, true),
  };
}

function sign(session: Session, key: Buffer): Promise<string> {
  const { family, issuedAtMs, expiresAtMs, endsAtMs, isSecure } = session;
  return new SignJWT({ fam: family, end: toSeconds(endsAtMs), sec: isSecure })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(AUDIENCE)
    .setIssuedAt(toSeconds(issuedAtMs))
    .setExpirationTime(toSeconds(expiresAtMs))
    .sign(key);
}

async function verify(token: string, key: Buffer, nowMs: number): Promise<Session | null> {
  const verified = await jwtVerify(token, key, {
    algorithms: ["HS256"],
    audience: AUDIENCE,
    currentDate: new Date(nowMs),
    // Whatever is wrong with it: nobody has signed in.
  }).catch(() => null);
  const decoded = z.safeParse(Claims, verified?.payload);
  if (!decoded.success) return null;
  const { fam, iat, exp, end, sec } = decoded.data;
  return {
    family: fam,
    issuedAtMs: iat * 1000,
    expiresAtMs: exp * 1000,
    endsAtMs: end * 1000,
    isSecure: sec,
  };
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
