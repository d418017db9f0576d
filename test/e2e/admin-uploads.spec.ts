import { closeSync, ftruncateSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ListMultipartUploadsCommand, CreateMultipartUploadCommand } from "@aws-sdk/client-s3";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { AdminUploadsPage } from "./admin-uploads-page.ts";
import { expect, test as base } from "./fixtures.ts";
import type { SluiceServer } from "./sluice-server.ts";
import { UploadPage } from "./upload-page.ts";
import { WINDOWS } from "./windows.ts";

const MiB = 1024 * 1024;

/** `SLUICE_ADMIN_UPLOADS=100000 npm run test:e2e admin-uploads` is the large one. */
const MANY = Number(process.env["SLUICE_ADMIN_UPLOADS"] ?? 400);
const TO_ABORT = Math.min(10_000, MANY / 2);

const test = base.extend<{ admin: AdminUploadsPage }>({
  admin: async ({ page, sluice }, use) => {
    await use(new AdminUploadsPage(page, sluice));
  },
});

test("the living, the paused and the abandoned are told apart, and the living survive", async ({
  admin,
  sluice,
  line,
  folder,
  context,
}) => {
  const { page } = admin;
  test.slow();
  await admin.seed(["--count=8", "--ours=1", "--with-parts=1", "--max-age-days=6"]);
  await sluice.s3.send(
    new CreateMultipartUploadCommand({ Bucket: sluice.bucket, Key: "theirs.bin" }),
  );
  line.setRate(2 * MiB);
  const uploads = new UploadPage(await context.newPage());
  await uploads.page.goto(sluice.url);
  const live = emptyFile(join(folder, "live.mov"), 24 * MiB);
  const paused = emptyFile(join(folder, "paused.mov"), 24 * MiB);
  await uploads.chooseFiles(live, paused);
  await uploads.says("paused.mov", "Uploading");
  await uploads.press("paused.mov", /^Pause/);

  await admin.open();
  await admin.isListed();
  await expect(admin.row("live.mov")).toContainText("Uploading now");
  await expect(admin.row("live.mov")).toContainText(/\d+ % of 25\.2 MB/);
  await expect(admin.row("live.mov")).toContainText("by local");
  await expect(admin.row("theirs.bin")).toContainText("not opened here");
  await expect(async () => {
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(admin.row("paused.mov")).toContainText("Paused just now", { timeout: 2000 });
  }).toPass({ timeout: 20_000 });
  await expect(admin.list.getByText("Abandoned")).toHaveCount(8);

  await page.getByLabel("Older than, days").fill("0");
  const openBefore = await sluice.openUploads();
  await page.getByRole("button", { name: "Abort all 11 older than 0 days…" }).click();
  await expect(admin.dialog).toContainText("Abort 10 uploads?");
  await expect(admin.dialog).toContainText("the one that is being uploaded right now: live.mov");
  await admin.confirm();
  await expect(admin.progress).toContainText("10 uploads aborted");
  await expect(admin.progress).toContainText("1 upload was left out: it is being sent.");
  expect(openBefore - (await sluice.openUploads())).toBe(10);
  await expect(admin.list.getByRole("row")).toHaveCount(2);
  await expect(admin.row("live.mov")).toContainText("Uploading now");

  // Asked for anew, and said yes to a second time.
  line.setRate(MiB / 4);
  await page.getByRole("button", { name: "Abort all 1 older than 0 days…" }).click();
  await expect(admin.dialog.getByRole("button", { name: /^Abort/ })).toBeDisabled();
  await page.keyboard.press("Escape");
  expect(await sluice.openUploads()).toBe(1);
  line.setRate(Infinity);
  await uploads.says("live.mov", "Done", 60_000);
  expect((await sluice.objects()).get("live.mov")).toBe(24 * MiB);
});

test("a live upload goes after a second yes", async ({ admin, sluice, line, folder, context }) => {
  line.setRate(MiB);
  const uploads = new UploadPage(await context.newPage());
  await uploads.page.goto(sluice.url);
  await uploads.chooseFiles(emptyFile(join(folder, "live.mov"), 24 * MiB));
  await uploads.says("live.mov", "Uploading");
  await admin.open();
  await admin.isListed();
  await admin.ask();
  await admin.dialog.getByRole("checkbox").check();
  await expect(admin.dialog).toContainText("Abort 1 upload, 1 live");
  await admin.confirm();
  await expect(admin.progress).toContainText("1 upload aborted");
  await expect(admin.page.getByText("Nothing forgotten here")).toBeVisible();
  expect(await sluice.openUploads()).toBe(0);
});

test("by keyboard alone: filtered, chosen, aborted", async ({ admin, sluice }) => {
  const { page } = admin;
  await admin.seed(["--count=40", "--ours=0.5", "--max-age-days=6"]);
  await admin.open();
  await admin.isListed();
  await tabTo(page, "Search");
  await page.keyboard.type("films/");
  await expect(page.getByText("of 40 match")).toBeVisible();
  const matching = Number(await admin.list.getAttribute("aria-rowcount")) - 1;
  await tabTo(page, "Incomplete uploads");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  await expect(page.getByText("1 upload chosen")).toBeVisible();
  await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("Shift+ArrowUp");
  await expect(page.getByText("3 uploads chosen")).toBeVisible();
  await page.keyboard.press("Control+a");
  await expect(page.getByText(`${matching} uploads chosen`)).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Home");
  await page.keyboard.press("Space");
  await tabTo(page, "Abort 1 chosen…", "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(admin.dialog).toBeVisible();
  await tabTo(page, "Abort 1 upload");
  await page.keyboard.press("Enter");
  await expect(admin.progress).toContainText("1 upload aborted");
  await expect(admin.list).toHaveAttribute("aria-rowcount", String(matching));
  expect(await sluice.openUploads()).toBe(39);
});

test("ranges by mouse, files of what was chosen, and a link for its owner", async ({ admin }) => {
  const { page } = admin;
  await admin.seed(["--count=30", "--ours=1", "--with-parts=1", "--max-age-days=6"]);
  await admin.open();
  await admin.isListed();
  const rows = admin.list.getByRole("row");
  await rows.nth(1).getByRole("gridcell").first().click();
  await rows.nth(5).click({ modifiers: ["Shift"] });
  await expect(page.getByText("5 uploads chosen")).toBeVisible();
  await expect(page.getByText("5 uploads chosen · 25 bytes")).toBeVisible();
  const [csv] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /^CSV/ }).click(),
  ]);
  const lines = readFileSync(await csv.path(), "utf8")
    .trim()
    .split("\r\n");
  expect(lines).toHaveLength(6);
  expect(lines[1]).toContain(",abandoned,");
  await page.getByRole("button", { name: "Choose none" }).click();
  const [json] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /^JSON/ }).click(),
  ]);
  expect(JSON.parse(readFileSync(await json.path(), "utf8"))).toHaveLength(30);
  await page.getByRole("button", { name: "Copy resume link" }).click();
  await expect(page.getByText(/Copied\. With this link seed-\d goes on/)).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?resume=/);
});

test("a page of the list that does not come is asked for again", async ({ admin }) => {
  const { page } = admin;
  await admin.seed(["--count=300", "--ours=0", "--with-parts=0"]);
  let failures = 0;
  await page.route("**/api/admin/uploads?*cursor=*", async (route) => {
    failures += 1;
    if (failures > 2) return route.fallback();
    const problem = {
      type: "x",
      title: "x",
      status: 503,
      code: "storage-busy",
      detail: "SlowDown",
    };
    await route.fulfill({ status: 503, json: problem });
  });
  await admin.open();
  await expect(page.getByText("The storage is too busy.")).toBeVisible();
  await expect(admin.list).toHaveAttribute("aria-rowcount", "101");
  await admin.isListed();
  await expect(admin.list).toHaveAttribute("aria-rowcount", "301");
  expect(failures).toBe(3);
});

test("a storage that lists by exact key alone, and an upload that ends meanwhile, are said", async ({
  admin,
  sluice,
}) => {
  const { page } = admin;
  await admin.seed(["--count=5", "--ours=1"]);
  await page.route("**/api/admin/uploads?*", async (route) => {
    const response = await route.fetch();
    const listed = await response.json();
    await sluice.forgetUploads();
    await route.fulfill({ response, json: { ...listed, source: "register" } });
  });
  await admin.open();
  await admin.isListed();
  await expect(page.getByText("only uploads that were begun here are seen")).toBeVisible();
  await expect(page.getByText("5 uploads ended meanwhile, by others")).toBeVisible();
  await expect(page.getByText("Nothing forgotten here").first()).toBeVisible();
});

test("who is signed out in the middle of it is asked to sign in", async ({ admin, sluice }) => {
  const { page } = admin;
  await admin.seed(["--count=10"]);
  await admin.open();
  await admin.isListed();
  const problem = { type: "x", title: "x", status: 401, code: "unauthorized", detail: "ended" };
  await page.route("**/api/admin/**", (route) => route.fulfill({ status: 401, json: problem }));
  await page.route("**/api/session", (route) =>
    route.fulfill({ json: { mode: "none", canSignIn: true, identity: null } }),
  );
  await admin.ask();
  await admin.dialog.getByRole("button", { name: /^Abort/ }).click();
  await expect(page.getByLabel("Admin password")).toBeVisible();
  expect(await sluice.openUploads()).toBe(10);
});

for (const { colorScheme, width } of WINDOWS) {
  test(`axe finds nothing: ${colorScheme}, ${width} px`, async ({ admin }) => {
    const { page } = admin;
    test.slow();
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await admin.open();
    await expect(page.getByText("Nothing forgotten here").first()).toBeVisible();
    await expectSound(page, width);
    await admin.seed(["--count=60", "--ours=0.7"], ["--count=30", "--ours=1", "--max-age-days=6"]);
    await admin.open();
    await admin.isListed();
    await expectSound(page, width);
    await admin.ask();
    await expectSound(page, width);
    await admin.confirm();
    await expectSound(page, width);
  });
}

test(`${MANY} uploads: rows at once, fluid, ${TO_ABORT} aborted, and a backend that stays small`, async ({
  admin,
  sluice,
}) => {
  const { page } = admin;
  test.setTimeout(120_000 + MANY * 15);
  await admin.seed([`--count=${MANY}`, "--ours=0.3", "--with-parts=0.2", "--max-age-days=6"]);
  // Warm, as a server is that somebody has used: the first request loads what the others share.
  await page.goto(`${sluice.url}/`);
  await expect(page.getByRole("link", { name: "Incomplete" })).toBeVisible();
  const rssBefore = sluice.residentBytes();
  const firstMs = await firstRowMs(page);
  const startedAt = Date.now();
  const busyFps = await framesPerSecond(page);
  await admin.isListed(MANY * 10 + 30_000);
  const listedMs = Date.now() - startedAt;
  await expect(admin.list).toHaveAttribute("aria-rowcount", String(MANY + 1));
  const rssListed = sluice.residentBytes();
  const pause = page.getByRole("button", { name: "Pause measuring" });
  if (await pause.isVisible()) await pause.click().catch(() => undefined);
  const fps = await framesPerSecond(page);

  await page.getByRole("columnheader", { name: "Key" }).click();
  await admin.list.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Space");
  await chooseFirst(page, TO_ABORT);
  await admin.ask();
  // Among seeded ones there may be some of the last minutes.
  const evenLive = admin.dialog.getByRole("checkbox");
  if (await evenLive.isVisible()) await evenLive.check();
  const abortedAt = Date.now();
  await admin.confirm(MANY * 15 + 30_000);
  const abortMs = Date.now() - abortedAt;
  const rssAfter = sluice.residentBytes();
  const mib = (bytes: number) => `${Math.round(bytes / MiB)} MiB`;
  console.log(
    `    first row after ${firstMs} ms; all listed after ${listedMs} ms; scrolling at ${busyFps} frames/s ` +
      `while listing, ${fps} after; ${TO_ABORT} aborted in ${abortMs} ms; backend ${mib(rssBefore)} before, ` +
      `${mib(rssListed)} listed, ${mib(rssAfter)} after`,
  );
  await expect(admin.progress).toContainText(`${TO_ABORT.toLocaleString("en")} uploads aborted`);
  expect(await countUploads(sluice)).toBe(MANY - TO_ABORT);
  // By the clock, with a server, a store and a browser on the same two processors.
  expect(firstMs).toBeLessThan(5000);
  expect(rssAfter - rssBefore).toBeLessThan(400 * MiB);
});

/** Chooses the first rows of the list, from the active one on, by leaps of the keyboard's own. */
async function chooseFirst(page: Page, count: number): Promise<void> {
  const chosen = async () => {
    const text = await page
      .getByText(/uploads? chosen/)
      .first()
      .textContent();
    return Number(/[\d,]+/.exec(text ?? "")?.[0].replaceAll(",", "") ?? 0);
  };
  await page.evaluate((count) => {
    const grid = document.querySelector<HTMLElement>('[role="grid"]');
    if (grid === null) throw new Error("no list");
    const press = (key: string) =>
      grid.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey: true, bubbles: true }));
    // All but the last by pages, the rest by rows.
    const chosen = () =>
      Number(
        /([\d,]+) uploads? chosen/.exec(document.body.textContent ?? "")?.[1]?.replaceAll(",", ""),
      );
    const step = async () => {
      while (chosen() < count) {
        press(count - chosen() > 40 ? "PageDown" : "ArrowDown");
        await new Promise(requestAnimationFrame);
      }
    };
    return step();
  }, count);
  expect(await chosen()).toBe(count);
}

/** Follows the link to the page and answers when the first row was drawn, in milliseconds. */
function firstRowMs(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const links = [...document.querySelectorAll("nav a")];
        const link = links.find((one) => one.textContent?.trim() === "Incomplete");
        const startedAt = performance.now();
        if (link instanceof HTMLElement) link.click();
        const look = () => {
          const isThere = document.querySelector('[role="rowheader"]') !== null;
          if (isThere) resolve(Math.round(performance.now() - startedAt));
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

/** Scrolls for two seconds, a few rows a frame, and answers how many frames there were in each. */
function framesPerSecond(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const list = document.querySelector('[role="grid"]');
    if (!list) throw new Error("no list");
    const startedAt = performance.now();
    let frames = 0;
    while (performance.now() - startedAt < 2000) {
      list.scrollTop += 130;
      await new Promise(requestAnimationFrame);
      frames += 1;
    }
    return Math.round((frames * 1000) / (performance.now() - startedAt));
  });
}

async function countUploads({ s3, bucket }: SluiceServer): Promise<number> {
  let count = 0;
  let at: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (;;) {
    const page = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket, ...at }));
    count += page.Uploads?.length ?? 0;
    if (!page.IsTruncated) return count;
    at = {
      KeyMarker: page.NextKeyMarker ?? "",
      UploadIdMarker: page.NextUploadIdMarker ?? "",
    };
  }
}

function emptyFile(path: string, sizeBytes: number): string {
  const file = openSync(path, "w");
  ftruncateSync(file, sizeBytes);
  closeSync(file);
  return path;
}

/** Presses Tab until what has this name has the focus. */
async function tabTo(page: Page, name: string, key = "Tab"): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? element?.textContent?.trim() ?? "";
    });
    if (focused === name) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never got to ${name}`);
}

/** Expects that axe finds nothing, and that nothing reaches out of the window at its side. */
async function expectSound(page: Page, width: number): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`)).toEqual([]);
  const widest = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(widest).toBeLessThanOrEqual(width);
}
