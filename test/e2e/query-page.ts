import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect, type Locator, type Page } from "@playwright/test";
import type { SluiceServer } from "./sluice-server.ts";

/** The query page as a person sees it: by roles and words. */
export class QueryPage {
  readonly page: Page;
  readonly #sluice: SluiceServer;

  constructor(page: Page, sluice: SluiceServer) {
    this.page = page;
    this.#sluice = sluice;
  }

  async put(key: string, body: string | Uint8Array): Promise<void> {
    const { s3, bucket } = this.#sluice;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }

  /** Puts an object of many parts, each of which is made when its turn comes. */
  async putParts(key: string, parts: Iterable<Uint8Array>): Promise<void> {
    const { s3, bucket } = this.#sluice;
    const at = { Bucket: bucket, Key: key };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at));
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for (const Body of parts) {
      const PartNumber = Parts.length + 1;
      const { ETag } = await s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }));
      Parts.push({ PartNumber, ETag });
    }
    const MultipartUpload = { Parts };
    await s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload }));
  }

  /** Opens the page, with an object and a query where they are given, and waits until the object was looked at. */
  async open(search: Record<string, string> = {}): Promise<void> {
    const url = `${this.#sluice.url}/query?${new URLSearchParams(search)}`;
    await this.page.goto(url, { waitUntil: "networkidle" });
    await expect(this.object).toBeVisible();
    if (search["key"]) await expect(this.page.getByText(/^Read as/)).toBeVisible();
  }

  get object(): Locator {
    return this.page.getByRole("combobox", { name: "Object" });
  }

  get editor(): Locator {
    return this.page.getByRole("textbox", { name: "SQL" });
  }

  get table(): Locator {
    return this.page.getByRole("grid", { name: "Rows of the answer" });
  }

  get answer(): Locator {
    return this.page.getByRole("region", { name: "Answer" });
  }

  /** The first column of a row of the table that is drawn, from 1. */
  row(number: number): Locator {
    return this.table.locator(`[role="row"][aria-rowindex="${number + 1}"]`);
  }

  async write(sql: string): Promise<void> {
    await this.editor.click();
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.insertText(sql);
  }

  /** Writes a query, runs it by the keyboard, and waits for its end. */
  async ask(sql: string, end: string | RegExp = /^Done/): Promise<void> {
    await this.write(sql);
    await this.page.keyboard.press("Control+Enter");
    await this.ends(end);
  }

  async ends(end: string | RegExp, timeoutMs = 30_000): Promise<void> {
    await expect(this.answer.getByText(end).first()).toBeVisible({ timeout: timeoutMs });
  }
}
