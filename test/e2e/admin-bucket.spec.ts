import { AxeBuilder } from "@axe-core/playwright";
import {
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  ListObjectsV2Command,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
} from "@aws-sdk/client-s3";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { startSluice, type SluiceServer } from "./sluice-server.ts";

const OTHERS_CORS = {
  ID: "other",
  AllowedOrigins: ["https://other.example"],
  AllowedMethods: ["GET"],
};

const OTHERS_LIFECYCLE = {
  ID: "logs",
  Status: "Enabled",
  Filter: { Prefix: "logs/" },
  Expiration: { Days: 30 },
} as const;

async function breakCors({ s3, bucket }: SluiceServer): Promise<void> {
  const CORSConfiguration = { CORSRules: [OTHERS_CORS] };
  await s3.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration }));
}

async function openBucket(page: Page, { url }: SluiceServer): Promise<void> {
  await page.goto(`${url}/admin/bucket`);
  await checkupDone(page);
}

async function checkupDone(page: Page): Promise<void> {
  await expect(page.getByRole("button", { name: "Check again" })).toBeVisible({ timeout: 60_000 });
}

const check = (page: Page, id: string) => page.locator(`[data-check^="${id}"]`);

async function expectSound(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`)).toEqual([]);
}

test("broken CORS is seen from the server and from this browser, and mended by the remedy", async ({
  page,
  sluice,
}) => {
  await breakCors(sluice);
  await openBucket(page, sluice);
  for (const id of ["cors-rules", "cors-preflight", "browser-put"]) {
    await expect(check(page, id)).toContainText("Failed");
  }
  await expectSound(page);

  await check(page, "cors-")
    .getByRole("button", { name: /^Set the CORS rule/ })
    .first()
    .click();
  const dialog = page.getByRole("dialog", { name: "Set the CORS rule?" });
  await expect(dialog.getByRole("textbox")).toHaveValue(new RegExp(sluice.url));
  await expect(dialog.getByRole("region", { name: "The rule" })).toContainText("sluice-app");
  await dialog.getByRole("textbox").fill("no site");
  await expect(dialog).toContainText("No origin such as");
  await dialog.getByRole("textbox").fill(sluice.url);
  await dialog.getByRole("button", { name: "Set the rule" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("list", { name: "CORS rules" })).toContainText("Set by this server");

  for (const id of ["browser-put", "browser-etag", "browser-range"]) {
    await expect(check(page, id)).toContainText("Passed", { timeout: 30_000 });
  }
  await checkupDone(page);
  const { s3, bucket } = sluice;
  const { CORSRules = [] } = await s3.send(new GetBucketCorsCommand({ Bucket: bucket }));
  expect(CORSRules.map(({ ID }) => ID)).toEqual(["sluice-app", "other"]);
  expect(CORSRules[1]).toEqual(OTHERS_CORS);
  const left = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  expect(left.Contents ?? []).toEqual([]);
});

test("the lifecycle rule is set after a look at what it ends, and removed; another one stays", async ({
  page,
  sluice,
  uploads,
  line,
}) => {
  const { s3, bucket } = sluice;
  const LifecycleConfiguration = { Rules: [OTHERS_LIFECYCLE] };
  const put = { Bucket: bucket, LifecycleConfiguration };
  await s3.send(new PutBucketLifecycleConfigurationCommand(put));
  const rules = async () => {
    const command = new GetBucketLifecycleConfigurationCommand({ Bucket: bucket });
    return (await s3.send(command)).Rules ?? [];
  };
  const admin = await page.context().newPage();
  await openBucket(admin, sluice);
  const name = "live film.mp4";
  line.setRate(2 * 1024 * 1024);
  await page
    .locator('input[type="file"]:not([webkitdirectory])')
    .setInputFiles({ name, mimeType: "video/mp4", buffer: Buffer.alloc(40 * 1024 * 1024, "x") });
  await uploads.says(name, "Uploading");
  await expect.poll(() => sluice.openUploads()).toBe(1);

  await admin.getByLabel("End incomplete uploads after").fill("1");
  await admin.getByRole("button", { name: "Set the rule…" }).click();
  const dialog = admin.getByRole("dialog", { name: "End incomplete uploads after 1 day?" });
  await expect(dialog).toContainText("1 incomplete upload was looked at");
  const ended = dialog.getByRole("region", { name: "Uploads it would end" });
  await expect(ended).toContainText(name);
  await expect(ended).toContainText("uploading now");
  line.setRate(Infinity);
  expect(await rules()).toHaveLength(1);
  await dialog.getByRole("button", { name: "Set the rule all the same" }).click();
  await expect(dialog).toBeHidden();
  const listed = admin.getByRole("list", { name: "Lifecycle rules" });
  await expect(listed).toContainText("ends incomplete uploads after 1 day");
  const [others, ours] = await rules();
  expect(others).toMatchObject(OTHERS_LIFECYCLE);
  expect(ours?.AbortIncompleteMultipartUpload).toEqual({ DaysAfterInitiation: 1 });
  await expect(check(admin, "lifecycle")).toContainText("Passed", { timeout: 60_000 });

  await admin.getByRole("button", { name: "Remove the rule…" }).click();
  await admin.getByRole("button", { name: "Remove the rule", exact: true }).click();
  await expect(listed).not.toContainText("Set by this server");
  expect(await rules()).toMatchObject([OTHERS_LIFECYCLE]);
});

test("acceleration is enabled after what follows was said, measured from here, and suspended", async ({
  page,
  line,
}) => {
  const fast = `http://127.0.0.1:${line.port}`;
  const sluice = await startSluice({ S3_ACCELERATE_ENDPOINTS: fast }, line.targetPort);
  try {
    await openBucket(page, sluice);
    const section = page.getByRole("region", { name: "Acceleration" });
    await section.getByRole("button", { name: "Enable…" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("up to $0.08");
    await expect(dialog).toContainText("30 minutes");
    await dialog.getByRole("button", { name: "Enable it" }).click();
    await expect(section).toContainText("On: uploads take it where it is faster");
    await checkupDone(page);
    await expect(check(page, "browser-accelerated")).toContainText("Passed");
    await section.getByRole("button", { name: "Measure from this browser" }).click();
    await expect(section).toContainText(/From here/, { timeout: 30_000 });
    await section.getByRole("button", { name: "Suspend…" }).click();
    await dialog.getByRole("button", { name: "Suspend it" }).click();
    await expect(section).toContainText("Off; it was on before.");
    await checkupDone(page);
    expect((await sluice.objects()).size).toBe(0);
  } finally {
    await sluice.stop();
  }
});

test("a change that the server refuses is told where it was asked for", async ({
  page,
  sluice,
}) => {
  await openBucket(page, sluice);
  const problem = {
    type: "about:blank",
    title: "Denied",
    status: 403,
    code: "storage-denied",
    detail: "AccessDenied",
  };
  await page.route("**/api/admin/bucket/lifecycle", (route) =>
    route.request().method() === "PUT"
      ? route.fulfill({ status: 403, contentType: "application/problem+json", json: problem })
      : route.fallback(),
  );
  await page.getByRole("button", { name: "Change the rule…" }).click();
  const dialog = page.getByRole("dialog", { name: /^End incomplete uploads/ });
  await expect(dialog).toContainText("it would free nothing today");
  await dialog.getByRole("button", { name: "Set the rule" }).click();
  await expect(dialog.getByRole("alert")).toContainText("refuses the server's credentials");
  await expectSound(page);
  await dialog.getByRole("button", { name: "Leave it as it is" }).click();
  await expect(page.getByRole("list", { name: "Lifecycle rules" })).toContainText("after 7 days");
});

test("the page works by keyboard alone", async ({ page, sluice }) => {
  await openBucket(page, sluice);
  await tabTo(page, /^Lifecycle$/);
  await page.keyboard.press("Enter");
  await expect(page.locator("#lifecycle")).toBeFocused();
  expect(new URL(page.url()).hash).toBe("#lifecycle");
  // As a server sets it in a bucket of its own.
  const rules = page.getByRole("list", { name: "Lifecycle rules" });
  await expect(rules).toContainText("ends incomplete uploads after 7 days");
  // To the field of the days.
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowUp");
  await tabTo(page, /^Change the rule…$/);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: /^End incomplete uploads/ });
  await expect(dialog).toContainText("looked at");
  await tabTo(page, /^Set the rule$/);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(rules).toContainText("ends incomplete uploads after 8 days");
  await tabTo(page, /^Remove the rule…$/);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.getByRole("button", { name: "Remove the rule…" })).toBeFocused();
});

/** Presses Tab until the focused element has this name. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    const focused = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
    if (name.test(focused)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reached ${name}`);
}
