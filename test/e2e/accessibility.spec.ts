import { AxeBuilder } from "@axe-core/playwright";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { writeRandomFile } from "../fixtures/random-file.ts";
import { expect, test } from "./fixtures.ts";
import { WINDOWS } from "./windows.ts";

const MiB = 1024 * 1024;

for (const { colorScheme, width } of WINDOWS) {
  test(`axe finds nothing: ${colorScheme}, ${width} px`, async ({ uploads, line, folder }) => {
    const { page } = uploads;
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    // Colours that fade from one scheme to the other are no colours of ours.
    await page.reload();
    await expect(page.getByRole("button", { name: "Choose files" })).toBeVisible();
    await expectNoViolations(page);
    writeRandomFile(join(folder, "finished.bin"), 3000);
    writeRandomFile(join(folder, "running.bin"), 40 * MiB);
    await uploads.chooseFiles(join(folder, "finished.bin"));
    await uploads.says("finished.bin", "Done");
    line.setRate(4 * MiB);
    await uploads.chooseFiles(join(folder, "running.bin"));
    await uploads.says("running.bin", "Uploading");
    await expectNoViolations(page);
    await uploads.press("running.bin", /Pause/);
    await uploads.says("running.bin", "Paused");
    await expectNoViolations(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      width,
    );
  });
}

test("axe finds nothing on the API's page", async ({ uploads, sluice }) => {
  await uploads.page.goto(`${sluice.url}/docs`);
  await expect(uploads.page.getByRole("heading", { name: "API" })).toBeVisible();
  await expectNoViolations(uploads.page);
});

test("the whole way works by keyboard alone", async ({ uploads, sluice, line, folder }) => {
  const { page } = uploads;
  const file = join(folder, "keys only.bin");
  const hash = writeRandomFile(file, 24 * MiB);
  line.setRate(6 * MiB);
  // Playwright answers the dialog of an input; the one for handles it closes.
  await page.evaluate(() => Reflect.deleteProperty(window, "showOpenFilePicker"));
  const chooser = page.waitForEvent("filechooser");
  await tabTo(page, /^choose files/i);
  await page.keyboard.press("Enter");
  await (await chooser).setFiles(file);
  await uploads.says("keys only.bin", "Uploading");
  await tabTo(page, /^pause: keys only/i);
  await page.keyboard.press("Enter");
  await uploads.says("keys only.bin", "Paused");
  line.setRate(Infinity);
  await tabTo(page, /^resume: keys only/i);
  await page.keyboard.press("Space");
  await uploads.says("keys only.bin", "Done");
  expect(await sluice.sha256("keys only.bin")).toBe(hash);
});

/** Presses Tab until the focused element has this name. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
    });
    if (name.test(focused)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reached ${name}`);
}

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`)).toEqual([]);
}
