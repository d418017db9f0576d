import { describe, expect, test } from "vitest";
import { openKept } from "../../../../web/transfer/resume/kept-file.ts";

const FILE = new File(["x"], "film.mp4");

interface Script {
  readonly query?: PermissionState;
  readonly request?: PermissionState | DOMException;
  readonly file?: File | DOMException;
}

/** A handle that answers by script; without `query` it is one of a browser that asks nothing. */
function handleOf({ query, request, file = FILE }: Script) {
  const calls: string[] = [];
  const answer = async <Answer>(call: string, value: Answer | DOMException): Promise<Answer> => {
    calls.push(call);
    if (value instanceof DOMException) throw value;
    return value;
  };
  const handle: Partial<FileSystemFileHandle> = {
    kind: "file",
    name: "film.mp4",
    getFile: () => answer("open", file),
    ...(query && { queryPermission: ({ mode }) => answer(`query ${mode}`, query) }),
    ...(request && { requestPermission: ({ mode }) => answer(`request ${mode}`, request) }),
  };
  return { handle: handle as FileSystemFileHandle, calls };
}

describe("openKept", () => {
  test("opens at once what may be read still", async () => {
    const { handle, calls } = handleOf({ query: "granted" });
    expect(await openKept(handle)).toBe(FILE);
    expect(calls).toEqual(["query read", "open"]);
  });

  test("asks in a click, and opens where that was allowed", async () => {
    const { handle, calls } = handleOf({ query: "prompt", request: "granted" });
    expect(await openKept(handle)).toBe(FILE);
    expect(calls).toEqual(["query read", "request read", "open"]);
  });

  test.each([
    ["no click allows to ask", new DOMException("", "SecurityError"), "ask"],
    ["the question was waved away", "prompt", "ask"],
    ["reading was refused", "denied", "denied"],
  ] as const)("opens nothing where %s", async (_, request, answer) => {
    const { handle, calls } = handleOf({ query: "prompt", request });
    expect(await openKept(handle)).toBe(answer);
    expect(calls).toEqual(["query read", "request read"]);
  });

  test("asks nothing where reading was refused for good", async () => {
    const { handle, calls } = handleOf({ query: "denied", request: "granted" });
    expect(await openKept(handle)).toBe("denied");
    expect(calls).toEqual(["query read"]);
  });

  test("opens at once in a browser that has no such question", async () => {
    expect(await openKept(handleOf({}).handle)).toBe(FILE);
  });

  test("a permission that ended between question and opening is a refusal", async () => {
    const file = new DOMException("", "NotAllowedError");
    expect(await openKept(handleOf({ query: "granted", file }).handle)).toBe("denied");
  });

  test("a file that is gone is told as such", async () => {
    const file = new DOMException("", "NotFoundError");
    await expect(openKept(handleOf({ query: "granted", file }).handle)).rejects.toMatchObject({
      code: "file-unreadable",
      remedy: "permanent",
    });
  });

  test("what nobody foresaw comes through", async () => {
    const request = new DOMException("", "InvalidStateError");
    await expect(openKept(handleOf({ query: "prompt", request }).handle)).rejects.toBe(request);
  });
});
