import { describe, expect, test } from "vitest";
import { chooseFiles } from "../../../../web/app/selection/choose-files.ts";

const HANDLE = { kind: "file", name: "film.mp4" } as FileSystemFileHandle;

function countingInput() {
  let clicks = 0;
  return { input: { click: () => void (clicks += 1) }, clicks: () => clicks };
}

const failing = (name: string) => ({
  showOpenFilePicker: () => Promise.reject(new DOMException("", name)),
});

describe("chooseFiles", () => {
  test("gives the handles of what was chosen", async () => {
    const { input, clicks } = countingInput();
    const asked: unknown[] = [];
    const page = {
      async showOpenFilePicker(options: unknown) {
        asked.push(options);
        return [HANDLE];
      },
    };
    expect(await chooseFiles(page, input)).toEqual([HANDLE]);
    expect(asked).toEqual([{ multiple: true }]);
    expect(clicks()).toBe(0);
  });

  test.each([
    ["a browser without that dialog", {}],
    ["a frame of another site", failing("SecurityError")],
  ])("leaves it to the input in %s", async (_, page) => {
    const { input, clicks } = countingInput();
    expect(await chooseFiles(page, input)).toEqual([]);
    expect(clicks()).toBe(1);
  });

  test.each([
    ["was closed", "AbortError"],
    ["is open already", "NotAllowedError"],
  ])("gives nothing, and opens no other, where the dialog %s", async (_, name) => {
    const { input, clicks } = countingInput();
    expect(await chooseFiles(failing(name), input)).toEqual([]);
    expect(clicks()).toBe(0);
  });

  test("lets through what nobody foresaw", async () => {
    const { input } = countingInput();
    await expect(chooseFiles(failing("DataError"), input)).rejects.toMatchObject({
      name: "DataError",
    });
  });
});
