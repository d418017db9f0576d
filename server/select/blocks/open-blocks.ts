import type { KernelMemory } from "../kernel/web-assembly.ts";
import type { BlockTask, ScanBlock } from "./block-scan.ts";
import { openCsvBlocks } from "./csv-blocks.ts";
import { openJsonBlocks } from "./json-blocks.ts";

/** Makes a task ready for blocks that lie in some memory. @throws SelectError where it fails whatever they hold */
export function openBlocks(task: BlockTask, memory: KernelMemory): ScanBlock {
  const { input } = task;
  if (input.format === "CSV") return openCsvBlocks(task, input.csv, memory);
  return openJsonBlocks(task, memory);
}
