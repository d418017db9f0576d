import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Engine, EngineOptions } from "../../../server/store/engine.ts";
import { openEngine } from "../../../server/store/engine/open-engine.ts";

/** A directory that goes with the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "sluice-store-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** An engine with a bucket named `bucket` that is closed with the test; it sweeps only when asked. */
export async function temporaryEngine(
  options: Partial<EngineOptions> = {},
): Promise<{ engine: Engine; directory: string }> {
  const directory = options.directory ?? temporaryDirectory();
  const engine = await openEngine({ directory, sweepIntervalMs: 0, ...options });
  onTestFinished(() => engine.close());
  const buckets = await engine.buckets.list();
  if (!buckets.some(({ name }) => name === "bucket")) await engine.buckets.create("bucket");
  return { engine, directory };
}

/** All bytes of an object, or of a range of it. */
export async function readObject(
  engine: Engine,
  key: string,
  range?: { start: number; end: number },
): Promise<Buffer> {
  const opened = await engine.objects.open("bucket", key);
  const pieces: Uint8Array[] = [];
  for await (const piece of opened.read(range)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Names of all content files. */
export function contentFiles(directory: string): string[] {
  return readdirSync(join(directory, "content"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

/** Waits until `holds`, for what happens right after an answer, such as the removal of files. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 1000) throw new Error("This never came true");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
