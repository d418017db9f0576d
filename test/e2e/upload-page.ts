import { expect, type Locator, type Page } from "@playwright/test";

/** The upload page as a person sees it: by roles and words. */
export class UploadPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async chooseFiles(...paths: string[]): Promise<void> {
    await this.page.locator('input[type="file"]:not([webkitdirectory])').setInputFiles(paths);
  }

  async chooseFolder(path: string): Promise<void> {
    await this.page.locator('input[type="file"][webkitdirectory]').setInputFiles(path);
  }

  /** The row of one file in the queue. */
  row(name: string): Locator {
    const queue = this.page.getByRole("list", { name: "Uploads" });
    return queue.getByRole("listitem").filter({ hasText: name });
  }

  /** Waits until a row says this. */
  async says(name: string, text: string | RegExp, timeoutMs = 30_000): Promise<void> {
    await expect(this.row(name)).toContainText(text, { timeout: timeoutMs });
  }

  async press(name: string, button: string | RegExp): Promise<void> {
    await this.row(name).getByRole("button", { name: button }).click();
  }
}
