import { describe, expect, test } from "vitest";
import { createResumption } from "../../../../web/app/resume/resumption.svelte.ts";
import { createScriptedUploader, scriptedResumable } from "../scripted-uploader.ts";

const upload = scriptedResumable({ id: "r", name: "film.mov" });

function setUp() {
  const uploader = createScriptedUploader();
  uploader.setResumable([upload]);
  return { uploader, resumption: createResumption(uploader) };
}

describe("createResumption", () => {
  test("asks within the click and shows that the file is being checked", async () => {
    const { uploader, resumption } = setUp();
    const done = resumption.takeUp(upload);
    expect(resumption.attemptOf("r")).toEqual({ kind: "checking" });
    expect(uploader.ids()).toHaveLength(1);
    await done;
    expect(resumption.attemptOf("r")).toBeUndefined();
    expect(uploader.resumable()).toEqual([]);
  });

  test("a refused permission is told, and the file may be chosen by hand", async () => {
    const { uploader, resumption } = setUp();
    uploader.refuse("r", "file-denied");
    await resumption.takeUp(upload);
    expect(resumption.attemptOf("r")).toMatchObject({ kind: "failed", wantsFile: true });
    expect(uploader.resumable()).toEqual([upload]);
  });

  test("a wrong file is told by what differs", async () => {
    const { uploader, resumption } = setUp();
    uploader.refuse("r", "file-changed");
    await resumption.takeUp(upload, new File(["four"], "film.mov"));
    const attempt = resumption.attemptOf("r");
    expect(attempt?.kind === "failed" && attempt.text.sentence).toContain("4 bytes");
  });

  test("no file helps where another tab has the upload", async () => {
    const { uploader, resumption } = setUp();
    uploader.refuse("r", "in-use");
    await resumption.takeUp(upload);
    expect(resumption.attemptOf("r")).toMatchObject({ kind: "failed", wantsFile: false });
  });

  test("discards, and says where that failed", async () => {
    const { uploader, resumption } = setUp();
    uploader.refuse("r", "server-unreachable");
    await resumption.discard(upload);
    expect(resumption.attemptOf("r")).toMatchObject({
      kind: "failed",
      text: { sentence: "The server does not answer." },
    });
  });

  test("what nobody foresaw is told too", async () => {
    const odd = { takeUp: () => Promise.reject(new Error("odd")), discard: async () => undefined };
    const resumption = createResumption(odd);
    await resumption.takeUp(upload);
    expect(resumption.attemptOf("r")).toMatchObject({ kind: "failed" });
  });
});
