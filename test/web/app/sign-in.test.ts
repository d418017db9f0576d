import { describe, expect, test } from "vitest";
import { BackendError } from "../../../web/app/backend.ts";
import { createSession, isAdmin, type SessionCalls } from "../../../web/app/session.svelte.ts";
import { signInProblem } from "../../../web/app/sign-in/sign-in-problem.ts";

const nobody = { mode: "none", canSignIn: true, identity: null } as const;
const someone = (...scopes: ("upload" | "admin")[]) => ({
  mode: "session" as const,
  canSignIn: true,
  identity: { subject: "ada", scopes, prefix: "", maxBytes: null, contentTypes: null },
});
const config = () => Promise.reject(new BackendError("storage-error", "no configuration"));

const sessionOf = (caller: SessionCalls["caller"]) =>
  createSession(new AbortController().signal, { caller, config });

describe("a session", () => {
  test("of nobody is signed out, and says whether a password helps", async () => {
    const session = sessionOf(async () => nobody);
    await session.load();
    expect(session.state).toEqual({ kind: "signed-out", canSignIn: true });
  });

  test("of somebody goes on to the configuration", async () => {
    const session = sessionOf(async () => someone("upload"));
    await session.load();
    expect(session.state).toMatchObject({ kind: "failed", problem: { code: "storage-error" } });
    expect(session.caller?.identity?.subject).toBe("ada");
  });

  test("is an admin's by scope alone", () => {
    expect(isAdmin(someone("upload"))).toBe(false);
    expect(isAdmin(someone("upload", "admin"))).toBe(true);
    expect(isAdmin(nobody)).toBe(false);
    expect(isAdmin(null)).toBe(false);
  });
});

describe("what kept somebody out", () => {
  test("is said in a sentence, and how long to wait in the server's own words", () => {
    expect(signInProblem(new BackendError("unauthorized", "x"))).toContain("not the password");
    expect(signInProblem(new BackendError("rate-limited", "Wait 20 seconds."))).toBe(
      "Wait 20 seconds.",
    );
    expect(signInProblem(new BackendError("internal", "why"))).toContain("why");
  });
});
