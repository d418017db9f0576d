import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, type Locator, type Page } from "@playwright/test";
import type { SluiceServer } from "./sluice-server.ts";

const projectDir = fileURLToPath(new URL("../../", import.meta.url));

/** The page of incomplete uploads as an admin sees it: by roles and words. */
export class AdminUploadsPage {
  readonly page: Page;
  readonly #sluice: SluiceServer;

  constructor(page: Page, sluice: SluiceServer) {
    this.page = page;
    this.#sluice = sluice;
  }

  /** Makes uploads in the store's own folder, while its server is down. */
  async seed(...runs: readonly (readonly string[])[]): Promise<void> {
    await this.#sluice.kill();
    for (const args of runs) {
      await run(["test/seed/incomplete-uploads.ts", `--store-dir=${this.#sluice.dir}`, ...args]);
    }
    await this.#sluice.start();
  }

  async open(): Promise<void> {
    await this.page.goto(`${this.#sluice.url}/admin/uploads`);
    await expect(this.page.getByRole("heading", { name: "Incomplete uploads" })).toBeVisible();
  }

  /** Waits until everything was listed, and its parts were counted. */
  async isListed(timeoutMs = 60_000): Promise<void> {
    await expect(this.page.getByText("All of the bucket, listed")).toBeVisible({
      timeout: timeoutMs,
    });
  }

  get list(): Locator {
    return this.page.getByRole("grid", { name: "Incomplete uploads" });
  }

  /** A row that is drawn, by its key. */
  row(key: string): Locator {
    return this.list.getByRole("row").filter({ hasText: key });
  }

  get progress(): Locator {
    return this.page.getByRole("region", { name: "Aborting" });
  }

  get dialog(): Locator {
    return this.page.getByRole("alertdialog");
  }

  /** Presses the button that aborts all that match, or those chosen. */
  async ask(): Promise<void> {
    await this.page.getByRole("button", { name: /^Abort (all|\d)/ }).click();
    await expect(this.dialog).toBeVisible();
  }

  /** Says yes, and waits for the end. */
  async confirm(timeoutMs = 60_000): Promise<void> {
    await this.dialog.getByRole("button", { name: /^Abort/ }).click();
    await expect(this.progress.getByRole("button", { name: "Dismiss" })).toBeVisible({
      timeout: timeoutMs,
    });
  }
}

function run(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", ...args], {
      cwd: projectDir,
      stdio: ["ignore", "ignore", "inherit"],
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`Seeding ended with ${code}`));
    });
  });
}
