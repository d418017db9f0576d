/**
 * The ceiling: what a hand-made loop reaches that knows nothing but URLs and a number of connections.
 * Everything is created and signed by one request, parts go in order, and one request completes.
 */
import type * as z from "zod/mini";
import { LoopOpened, LoopOptions } from "../protocol.ts";
import { runPage, type Contestant } from "./page.ts";
import { ask, send } from "./send.ts";

/** Files signed by one request, where they are many. */
const BATCH_FILES = 1000;

type Opened = z.infer<typeof LoopOpened>[number];
type Job = () => Promise<void>;

const contestant: Contestant = async (files, { options, prefix }) => {
  const loop = LoopOptions.parse(options);
  const keys = files.map((file) => prefix + file.name);
  const batches = Array.from({ length: Math.ceil(files.length / BATCH_FILES) }, (_, index) =>
    range(index * BATCH_FILES, Math.min(files.length, (index + 1) * BATCH_FILES)),
  );
  // All at once: a later batch is signed while the first is on its way.
  const opening = batches.map((indexes) => open(loop, files, keys, indexes));
  for (const [batch, indexes] of batches.entries()) {
    const opened = await opening[batch];
    const jobs = indexes.flatMap((fileIndex, place) => {
      const file = files[fileIndex];
      const upload = opened?.[place];
      if (file === undefined || upload === undefined) throw new Error("Not opened");
      return jobsOf(loop, file, keys[fileIndex] ?? "", upload, fileIndex);
    });
    await runAll(jobs, loop.connections);
  }
  return keys;
};

async function open(
  { how, partSizeBytes, originCount }: LoopOptions,
  files: readonly File[],
  keys: readonly string[],
  indexes: readonly number[],
): Promise<Opened[]> {
  const wanted = indexes.map((index) => ({
    key: keys[index],
    sizeBytes: files[index]?.size,
  }));
  return LoopOpened.parse(
    await ask("/peer/open", { how, partSizeBytes, originCount, files: wanted }),
  );
}

function jobsOf(
  { how, partSizeBytes, originCount }: LoopOptions,
  file: File,
  key: string,
  { uploadId, urls, fields }: Opened,
  fileIndex: number,
): Job[] {
  if (how !== "parts") {
    const url = urls[fileIndex % originCount] ?? "";
    if (how !== "post") return [async () => void (await send("PUT", url, file))];
    return [async () => void (await send("POST", url, formOf(fields ?? {}, file)))];
  }
  const etags: string[] = [];
  let left = urls.length;
  return urls.map((url, index) => async () => {
    const part = file.slice(index * partSizeBytes, (index + 1) * partSizeBytes);
    etags[index] = (await send("PUT", url, part)).etag;
    left--;
    if (left === 0) await ask("/peer/complete", { key, uploadId, etags });
  });
}

function formOf(fields: Readonly<Record<string, string>>, file: File): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  return form;
}

async function runAll(jobs: readonly Job[], connections: number): Promise<void> {
  const queue = jobs.values();
  const worker = async () => {
    for (const job of queue) await job();
  };
  await Promise.all(Array.from({ length: connections }, worker));
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

await runPage(contestant);
