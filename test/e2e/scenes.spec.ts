import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { SCENES } from "../web/app/story/scenes.ts";
import { expect, test } from "./story.ts";
import { WINDOWS } from "./windows.ts";

/** Those that differ from others in words or in numbers alone tell axe nothing new. */
const SAME_TO_AXE = new Set(["one", "many", "measuring", "direct", "resume-many"]);

for (const { colorScheme, width } of WINDOWS) {
  test(`axe finds nothing in any scene, unfolded: ${colorScheme}, ${width} px`, async ({
    story,
  }) => {
    test.setTimeout(240_000);
    await story.page.setViewportSize({ width, height: 800 });
    await story.page.emulateMedia({ colorScheme });
    for (const scene of Object.keys(SCENES).filter((name) => !SAME_TO_AXE.has(name))) {
      await test.step(scene, async () => {
        await story.show(scene);
        await story.unfoldAll();
        await story.expectSound();
      });
    }
  });
}

test("an unfinished upload goes on by one click", async ({ story }) => {
  const { page } = story;
  await story.show("resume");
  const section = page.getByRole("region", { name: "Unfinished from before" });
  await section.getByRole("button", { name: "Resume holiday-4k-master.mov" }).press("Enter");
  const row = page.getByRole("list", { name: "Uploads" }).getByRole("listitem");
  await expect(row).toContainText("went on at 63 %");
  await expect(section).not.toContainText("holiday-4k-master.mov");
  await expect(section).toBeFocused();
});

test("a file that may not be read can be chosen, and a wrong one is told by what differs", async ({
  story,
}, info) => {
  const { page } = story;
  await story.show("resume");
  await page.getByRole("button", { name: "Resume interview-raw.wav" }).click();
  await expect(page.getByRole("alert")).toContainText("did not let this page read the file");
  await expect(
    page.getByRole("button", { name: "Choose the file interview-raw.wav" }),
  ).toBeVisible();
  const other = join(info.outputPath(), "other.parquet");
  writeFileSync(other, "1234");
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose the file dataset.parquet" }).press("Enter");
  await (await chooser).setFiles(other);
  await expect(page.getByRole("alert").last()).toContainText("“other.parquet” has 4 bytes");
});

test("discarding what is there asks first", async ({ story }) => {
  const { page } = story;
  await story.show("resume");
  const discard = page.getByRole("button", { name: "Discard: holiday-4k-master.mov" });
  await discard.click();
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("11.6 GB");
  await page.keyboard.press("Escape");
  await expect(discard).toBeFocused();
  await discard.click();
  await dialog.getByRole("button", { name: "Discard" }).click();
  await expect(discard).toHaveCount(0);
});

test("what is ready goes on together, and the section leaves with the last", async ({ story }) => {
  const { page } = story;
  await story.show("resume-many");
  await expect(page.getByRole("button", { name: /^Discard/ })).toHaveCount(5);
  await page.getByRole("button", { name: "Show all 40" }).click();
  await expect(page.getByRole("button", { name: /^Discard/ })).toHaveCount(40);
  await page.getByRole("button", { name: "Resume all 40" }).click();
  await expect(page.getByRole("heading", { name: "Unfinished from before" })).toHaveCount(0);
  await expect(page.getByRole("list", { name: "Uploads" })).toBeVisible();
});

test("what another tab works on offers nothing here", async ({ story }) => {
  await story.show("resume");
  const section = story.page.getByRole("region", { name: "Unfinished from before" });
  const row = section.getByRole("listitem").filter({ hasText: "backup-2026-11-22.tar.zst" });
  await expect(row).toContainText("Uploading in another tab");
  await expect(row.getByRole("button")).toHaveCount(0);
});

test("metadata and tags are typed, judged and removed by keyboard", async ({ story }) => {
  const { page } = story;
  await story.show("empty");
  await page.getByRole("button", { name: "Options" }).press("Enter");
  await page.locator("summary", { hasText: "More" }).press("Enter");
  await page.getByRole("button", { name: "Add metadata" }).press("Enter");
  await expect(page.getByLabel("Name of metadata 1")).toBeFocused();
  await page.keyboard.type("my camera");
  await expect(page.getByLabel("Name of metadata 1")).toHaveAccessibleDescription(/^Left out:/);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("camera");
  await expect(page.getByText("Left out:")).toHaveCount(0);
  await page.keyboard.press("Tab");
  await page.keyboard.type("Leica M6");
  await expect(page.getByText("1 metadata")).toBeVisible();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Add metadata" })).toBeFocused();
});

test("an archive class says that it has to be restored, and another Cache-Control can be typed", async ({
  story,
}) => {
  const { page } = story;
  await story.show("empty");
  await page.getByRole("button", { name: "Options" }).click();
  await page.getByText("More", { exact: true }).click();
  await page.getByLabel("Storage class").selectOption("DEEP_ARCHIVE");
  await expect(page.getByLabel("Storage class")).toHaveAccessibleDescription(/restored/);
  await page.getByLabel("Cache-Control", { exact: true }).selectOption("Another…");
  await page.getByLabel("Cache-Control, as it is sent").fill("max-age=600");
  await expect(page.getByText("Glacier Deep Archive · max-age=600")).toBeVisible();
});

test("the line says how it does, once somebody asks", async ({ story }) => {
  const { page } = story;
  await story.show("accelerated");
  const line = page.getByText("6 connections", { exact: true });
  await expect(page.getByText("Accelerated: 1.8 × as fast")).toBeHidden();
  await line.press("Enter");
  await expect(page.getByText("Accelerated: 1.8 × as fast")).toBeVisible();
  await expect(page.getByRole("list", { name: "Origins of the storage" })).toContainText(
    "slower: left alone",
  );
});

test("a row under way unfolds what is behind it", async ({ story }) => {
  const { page } = story;
  await story.show("growing");
  const button = page.getByRole("button", { name: "Details: backup-2026-11-22.tar.zst" });
  await button.press("Enter");
  await expect(button).toHaveAttribute("aria-expanded", "true");
  const row = page.getByRole("article", { name: "backup-2026-11-22.tar.zst" });
  await expect(row).toContainText("3 requests");
});

test("a stream promises no percentage", async ({ story }) => {
  await story.show("growing");
  const bar = story.page.getByRole("progressbar", { name: "logs-2026-11.ndjson" });
  await expect(bar).not.toHaveAttribute("aria-valuenow");
  await expect(bar).toHaveAttribute("aria-valuetext", /^1\.2 GB so far/);
});
