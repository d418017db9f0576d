import { expect } from "@playwright/test";
import type { TcpProxy } from "../faults/tcp-proxy.ts";

/** Waits until nothing moves: of a page that is gone, what the kernel had taken already still runs out. */
export async function rest(line: TcpProxy): Promise<void> {
  await expect.poll(() => hasStopped(line), { timeout: 20_000 }).toBe(true);
}

/** Whether no byte moved for half a second. */
async function hasStopped(line: TcpProxy): Promise<boolean> {
  const before = line.sentBytes();
  await new Promise((resolve) => setTimeout(resolve, 500));
  return line.sentBytes() === before;
}
