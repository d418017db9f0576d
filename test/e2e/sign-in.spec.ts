import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";
import { startSluice, type SluiceServer } from "./sluice-server.ts";

const PASSWORD = "correct horse battery";

/** Playwright's `test` with a server that asks who is there. */
const test = base.extend<object, { locked: SluiceServer }>({
  locked: [
    // Playwright reads a fixture's needs from its destructured argument, also where it has none.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const server = await startSluice({ SLUICE_ADMIN_PASSWORD: PASSWORD });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
});

test("whoever has not signed in sees a password field and nothing else", async ({
  page,
  locked,
}) => {
  await page.goto(`${locked.url}/admin/uploads`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Bucket" })).toHaveCount(0);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.reload();
    await expect(page.getByLabel("Admin password")).toBeVisible();
    await expectSound(page);
  }
});

test("the way in and out works by keyboard alone", async ({ page, locked }) => {
  await page.goto(`${locked.url}/admin/uploads`);
  const field = page.getByLabel("Admin password");
  await expect(field).toBeVisible();
  await tabTo(page, "sign-in-password");
  await page.keyboard.type("not the password");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("not the password");
  // What was wrong is gone, and the next try begins where the first did.
  await expect(field).toBeFocused();
  await expect(field).toHaveValue("");
  await expectSound(page);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "Bucket" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("Sign in");
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: "sluice_session", httpOnly: true, sameSite: "Strict" });
  await page.reload();
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  expect(await page.context().cookies()).toEqual([]);
});

test("a session that ended elsewhere asks again instead of failing", async ({ page, locked }) => {
  await page.goto(locked.url);
  await page.getByLabel("Admin password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("button", { name: "Choose files" })).toBeVisible();
  await page.context().clearCookies();
  await page.getByRole("link", { name: "Incomplete" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

/** Presses Tab until the element of this ID has the focus. */
async function tabTo(page: Page, id: string): Promise<void> {
  for (let presses = 0; presses < 30; presses += 1) {
    if ((await page.evaluate(() => document.activeElement?.id)) === id) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reached ${id}`);
}

async function expectSound(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`)).toEqual([]);
}
