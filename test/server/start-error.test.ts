import { describe, expect, it } from "vitest";
import { isListenFault, toDataDirError, toListenError } from "../../server/start-error.ts";

const fault = (code: string, syscall: string) =>
  Object.assign(new Error(`${code}: it said so.`), { code, syscall });
const address = { host: "127.0.0.1", port: 80, variable: "PORT" } as const;

describe("why the server cannot start", () => {
  it.each([
    ["EADDRINUSE", "set PORT"],
    ["EACCES", "set PORT above 1023"],
    ["EADDRNOTAVAIL", "no address of this machine"],
    ["EMFILE", "EMFILE: it said so."],
  ])("names the variable or the fault of an address (%s)", (code, said) => {
    const cause = fault(code, "listen");
    expect(toListenError(cause, address)).toMatchObject({
      message: expect.stringContaining(said),
      cause,
    });
  });

  it.each([
    ["EACCES", "may not write to /data"],
    ["EROFS", "may not write to /data"],
    ["ENOSPC", "is full"],
    ["ENOTDIR", "is no folder"],
    ["EIO", "EIO: it said so."],
  ])("names the folder and what is wrong with it (%s)", (code, said) => {
    expect(toDataDirError(fault(code, "open"), "/data").message).toContain(said);
    expect(toDataDirError(fault(code, "open"), "/data").message).toContain("/data");
  });

  it("tells an address from a folder", () => {
    expect(isListenFault(fault("EACCES", "listen"))).toBe(true);
    expect(isListenFault(fault("EACCES", "open"))).toBe(false);
    expect(isListenFault(new Error("something else"))).toBe(false);
  });
});
