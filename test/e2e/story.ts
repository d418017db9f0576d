import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";
import { build, preview } from "vite";
import { freePort } from "../fixtures/free-port.ts";

/** The page on scripted uploads, where every state can be had without an engine and a server. */
export class Story {
  readonly page: Page;
  readonly #url: string;

  constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
  }

  /** Shows a scene of `test/web/app/story/scenes.ts`. */
  async show(scene: string): Promise<void> {
    await this.page.goto(`${this.#url}?scene=${scene}`);
    await expect(this.page.getByRole("heading", { level: 1 })).toBeVisible();
  }

  /** Unfolds everything that can be: options, lines, rows, technical details. */
  async unfoldAll(): Promise<void> {
    await this.page.evaluate(() => {
      const closed = document.querySelectorAll<HTMLElement>('button[aria-expanded="false"]');
      for (const button of closed) button.click();
    });
    await this.page.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });
  }

  /** Expects that axe finds nothing, and that nothing reaches out of the window at its side. */
  async expectSound(): Promise<void> {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n")}`),
    ).toEqual([]);
    const overflow = await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
  }
}

/** Playwright's `test` with the story page. */
export const test = base.extend<{ story: Story }, { storyUrl: string }>({
  storyUrl: [
    // Playwright reads a fixture's needs from its destructured argument, also where it has none.
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const outDir = mkdtempSync(join(tmpdir(), "sluice-story-"));
      const configFile = fileURLToPath(new URL("../web/app/story/vite.config.ts", import.meta.url));
      // Built once: served file by file, each scene would load for seconds.
      await build({ configFile, build: { outDir, emptyOutDir: true }, logLevel: "error" });
      const host = { host: "127.0.0.1", port: await freePort(), strictPort: true };
      const server = await preview({ configFile, build: { outDir }, preview: host });
      await use(`http://${host.host}:${host.port}/`);
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
  story: async ({ page, storyUrl }, use) => {
    await use(new Story(page, storyUrl));
  },
});

export { expect } from "@playwright/test";
