import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";

/**
 * Space that is held back so that deleting works on a full disk: the catalogue never overwrites a page in
 * use, so that even removing a row needs room first.
 */
export interface Reserve {
  /** Frees the space; `false` where none is held. */
  giveUp(): boolean;
  /** Takes the space again, once the disk has room to spare. */
  restore(): void;
}

/** Holds `sizeBytes` of the disk of `directory` back, as far as there is room for it. */
export function openReserve(directory: string, sizeBytes: number): Reserve {
  const path = join(directory, "reserve");
  let isHeld = existsSync(path);
  const reserve: Reserve = {
    giveUp() {
      const wasHeld = isHeld;
      if (wasHeld) rmSync(path);
      isHeld = false;
      return wasHeld;
    },
    restore() {
      if (isHeld || sizeBytes === 0 || freeBytes(directory) < 2 * sizeBytes) return;
      isHeld = tryFill(path, sizeBytes);
    },
  };
  reserve.restore();
  return reserve;
}

function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

/** Zeros are written, for a sparse file would hold nothing back. */
function tryFill(path: string, sizeBytes: number): boolean {
  const zeros = Buffer.alloc(Math.min(sizeBytes, 1024 * 1024));
  const file = openSync(path, "w", 0o600);
  try {
    for (let written = 0; written < sizeBytes; written += zeros.length) writeSync(file, zeros);
    fsyncSync(file);
    return true;
  } catch {
    // Somebody else was faster: then the next commit tries again.
    rmSync(path, { force: true });
    return false;
  } finally {
    closeSync(file);
  }
}
