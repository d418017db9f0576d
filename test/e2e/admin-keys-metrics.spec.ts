import { AxeBuilder } from "@axe-core/playwright";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { writeRandomFile } from "../fixtures/random-file.ts";
import { expect, test } from "./fixtures.ts";
import type { SluiceServer } from "./sluice-server.ts";
import { WINDOWS } from "./windows.ts";

const KEYS = [
  ...Array.from({ length: 60 }, (_, index) => `photos/2026/${String(index).padStart(4, "0")}.jpg`),
  ...Array.from({ length: 24 }, (_, index) => `logs/${"abcdef"[index % 6]}/${index}.gz`),
  "readme.txt",
  ".sluice/uploads/not-shown",
];

async function fill({ s3, bucket }: SluiceServer, keys = KEYS): Promise<void> {
  for (const Key of keys) {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "x".repeat(100) }));
  }
}

const keys = (page: Page) => page.getByRole("region", { name: "Key distribution" });
const metrics = (page: Page) => page.getByRole("region", { name: "Metrics" });

async function survey(page: Page, seen: string): Promise<void> {
  await keys(page).getByRole("button", { name: /^Look/ }).click();
  await expect(keys(page).getByText(seen).first()).toBeVisible();
}

test("shows how the keys spread and what strategies would make of them", async ({
  page,
  sluice,
}) => {
  await fill(sluice);
  await page.goto(`${sluice.url}/admin/bucket`);
  await survey(page, "85 keys, 8.5 kB.");
  const section = keys(page);
  await expect(section.getByRole("button", { name: "photos/2026/00: 60 keys" })).toBeVisible();
  await expect(section.getByRole("button", { name: "logs/: 24 keys" })).toBeVisible();
  await expect(section.getByText(".sluice")).toHaveCount(0);
  await expect(section.getByRole("img", { name: /^Hash in front: 16 ranges/ })).toBeVisible();
  await expect(section.getByRole("img", { name: /^Objects by when they were/ })).toBeVisible();
  await section.getByRole("button", { name: "logs/: 24 keys" }).click();
  await section.getByRole("button", { name: "Survey these keys alone" }).waitFor();
  await section.getByRole("button", { name: "Survey these keys alone" }).click();
  await expect(section.getByText("24 keys, 2.4 kB.")).toBeVisible();
  await expect(section.getByLabel("Only keys that begin with")).toHaveValue("logs/");
});

test("the picture works by keyboard alone", async ({ page, sluice }) => {
  await fill(sluice);
  await page.goto(`${sluice.url}/admin/bucket`);
  await keys(page).getByLabel("Only keys that begin with").focus();
  await page.keyboard.press("Enter");
  const all = keys(page).getByRole("button", { name: /^All keys: 85 keys/ });
  await expect(all).toBeVisible();
  await all.focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(":focus")).toHaveAccessibleName(/^photos\/2026\/00: 60 keys/);
  await page.keyboard.press("ArrowDown");
  await expect(page.locator(":focus")).toHaveAccessibleName(/^logs\/: 24 keys/);
  await page.keyboard.press("Enter");
  await expect(keys(page).getByRole("navigation")).toHaveText(/All keys\s*logs\//);
  await page.keyboard.press("Escape");
  await expect(page.locator(":focus")).toHaveAccessibleName(/^All keys: 85 keys/);
});

test("says that a bucket is empty, and why a survey failed", async ({ page, sluice }) => {
  await page.goto(`${sluice.url}/admin/bucket`);
  await keys(page).getByRole("button", { name: "Look at the keys" }).click();
  await expect(keys(page).getByText("The bucket holds no objects yet")).toBeVisible();
  await fill(sluice, ["one.bin"]);
  await survey(page, "1 key, 100 bytes.");
  await expect(keys(page).getByText("nothing to split at")).toBeVisible();
  await page.route("**/api/admin/bucket/keys", (route) => route.abort());
  await keys(page).getByRole("button", { name: "Look again" }).click();
  await expect(keys(page).getByRole("alert")).toBeVisible();
  await page.unroute("**/api/admin/bucket/keys");
  await keys(page).getByRole("button", { name: "Try again" }).click();
  await expect(keys(page).getByText("1 key, 100 bytes.")).toBeVisible();
});

test("charts move when something is uploaded, and rest in a hidden tab", async ({
  uploads,
  sluice,
  folder,
}) => {
  const { page } = uploads;
  const admin = await page.context().newPage();
  let looks = 0;
  admin.on("request", (request) => {
    if (request.url().endsWith("/api/admin/metrics")) looks += 1;
  });
  await admin.goto(`${sluice.url}/admin/bucket`);
  await expect(metrics(admin).getByRole("img", { name: /^Uploads/ })).toHaveAccessibleName(
    /Opened: 0\/s now/,
  );
  writeRandomFile(join(folder, "one.bin"), 20 * 1024 * 1024);
  await uploads.chooseFiles(join(folder, "one.bin"));
  await uploads.says("one.bin", "Done");
  const drawn = metrics(admin).getByRole("img", { name: /^Uploads/ });
  await expect(drawn).toHaveAccessibleName(/Completed: [^.]*at most 0\.[1-9]/);
  await expect(
    metrics(admin).getByRole("img", { name: /^Latency of the storage/ }),
  ).toHaveAccessibleName(/Median: [^.]*at most [\d.]+ (ms|µs|s)/);
  await admin.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await admin.waitForTimeout(500);
  const before = looks;
  await admin.waitForTimeout(4500);
  expect(looks).toBe(before);
  await admin.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: false, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect.poll(() => looks).toBeGreaterThan(before);
});

test("charts outlive a restart of the server", async ({ page, sluice }) => {
  await page.goto(`${sluice.url}/admin/bucket`);
  const requests = metrics(page).getByRole("img", { name: /^Requests/ });
  await expect(requests).toHaveAccessibleName(/now, at most/);
  await sluice.kill();
  await expect(metrics(page).getByText("The charts stand still")).toBeVisible({ timeout: 15_000 });
  await sluice.start();
  await expect(metrics(page).getByText("The charts stand still")).toBeHidden({ timeout: 40_000 });
  await expect(requests).not.toHaveAccessibleName(/-\d/);
});

for (const { colorScheme, width } of WINDOWS) {
  test(`axe finds nothing in ${colorScheme} at ${width} px`, async ({ page, sluice }) => {
    await fill(sluice);
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await page.goto(`${sluice.url}/admin/bucket`);
    await survey(page, "85 keys, 8.5 kB.");
    await metrics(page).getByText("Keep them: Prometheus").click();
    await keys(page).getByText("How these figures come about").click();
    await expect(metrics(page).getByRole("img", { name: /^Requests/ })).toHaveAccessibleName(
      /now, at most/,
    );
    for (const id of ["keys", "metrics"]) {
      const { violations } = await new AxeBuilder({ page }).include(`#${id}`).analyze();
      const named = violations.map(({ id: rule, nodes }) => `${rule}: ${nodes[0]?.html}`);
      expect(named).toEqual([]);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      width,
    );
    const folder = process.env["SLUICE_PICTURES"];
    for (const part of folder ? [keys(page), metrics(page)] : []) {
      const name = await part.getAttribute("id");
      await part.screenshot({ path: join(folder ?? "", `${name}-${colorScheme}-${width}.png`) });
    }
  });
}
